"""Minutes and photos of a meeting: in its draft, when it is published, and ever after."""

import re
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from accounts.inviting import remove_member
from attachments.keeping import discard_unused, keep, storage, unused_of
from attachments.models import Attachment
from commitments.correcting import correct_file
from commitments.moderation import redact, withhold
from commitments.publishing import publish
from ledger.models import Entry
from meetings.files import add
from meetings.models import Meeting, MeetingFile
from tests.cast import Cast
from tests.desk import Sent, form_in, signed_in
from tests.factories import MeetingFactory, PledgeFactory
from tests.reading import words
from tests.uploads import jpeg, pdf, send_files

pytestmark = pytest.mark.usefixtures("english")
SMALL = (40, 30)


@pytest.fixture
def draft(cast: Cast) -> Meeting:
    meeting: Meeting = MeetingFactory.create(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        held_on=timezone.localdate() - timedelta(days=2),
    )
    PledgeFactory.create(meeting=meeting)
    return meeting


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast.secretary)


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


def page(meeting: Meeting, name: str = "files") -> str:
    return f"/en/workspace/meetings/{meeting.pk}/{name}/"


def opened(client: Client, meeting: Meeting) -> Sent:
    sent = form_in(client.get(page(meeting)))
    sent.pop("files", None)
    return sent


def sends(client: Client, meeting: Meeting, sent: Sent, files: dict[str, bytes] | None = None) -> Any:
    return send_files(client, page(meeting), sent, files or {}, field="files")


def holding(meeting: Meeting, cast: Cast, *contents: bytes, caption: str = "") -> list[MeetingFile]:
    """The draft with these files, added by its secretary."""
    found = []
    for content in contents or (jpeg(SMALL),):
        upload = SimpleUploadedFile("a", content)
        file = add(meeting, keep(upload, by=cast.secretary, now=timezone.now()), by=cast.secretary)
        assert file
        meeting.files.filter(pk=file.pk).update(caption=caption)
        found.append(file)
    return found


def published(meeting: Meeting, cast: Cast) -> Entry:
    publish(meeting, by=cast.manager, now=timezone.now())
    meeting.refresh_from_db()
    return Entry.objects.get(stream=meeting.stream, number=1)


def rebuilt(*arguments: str) -> str:
    out = StringIO()
    call_command("rebuild", *arguments, stdout=out)
    return out.getvalue()


# The draft


def test_several_are_added_at_once_described_and_removed(secretary: Client, draft: Meeting) -> None:
    response = sends(secretary, draft, opened(secretary, draft), {"a.jpg": jpeg(SMALL), "b.pdf": pdf()})
    first, second = draft.files.all()
    assert response.url == f"{page(draft)}#id_caption-{first.attachment.name}"
    sent = opened(secretary, draft) | {f"caption-{second.attachment.name}": "signed minutes"}
    assert sends(secretary, draft, sent | {f"remove-{first.attachment.name}": "on"}).status_code == 302
    assert list(draft.files.values_list("number", "caption")) == [(1, "signed minutes")]


def test_a_bad_file_gets_its_sentence_and_the_good_ones_and_the_words_stay(secretary: Client, draft: Meeting) -> None:
    response = sends(
        secretary, draft, opened(secretary, draft), {"good.jpg": jpeg(SMALL), "bad.pdf": pdf(b"/JavaScript (x)")}
    )
    assert (response.status_code, "“\u2068bad.pdf\u2069” is a PDF that is locked, or holds" in words(response)) == (
        422,
        True,
    )
    name = draft.files.get().attachment.name
    again = form_in(response) | {f"caption-{name}": "a\u202eb"}
    again.pop("files")
    response = sends(secretary, draft, again, {"bad.svg": b"<svg/>"})
    assert (response.status_code, form_in(response)[f"caption-{name}"]) == (422, "a\u202eb")
    assert draft.files.get().caption == ""


def test_twelve_and_no_more_and_the_same_one_once(secretary: Client, draft: Meeting, cast: Cast) -> None:
    holding(draft, cast, *(pdf(f"%{each}\n".encode()) for each in range(11)))
    more = {"again.pdf": pdf(b"%3\n"), "b.pdf": pdf(b"%20\n"), "c.pdf": pdf(b"%21\n")}
    response = sends(secretary, draft, opened(secretary, draft), more)
    assert (response.status_code, "Only 12 files can be added" in words(response)) == (422, True)
    assert draft.files.count() == 12


def test_two_members_at_once_lose_nothing(secretary: Client, manager: Client, draft: Meeting, cast: Cast) -> None:
    one, two = holding(draft, cast, jpeg(SMALL), pdf())
    first, second = (f"caption-{each.attachment.name}" for each in (one, two))
    mine, theirs = opened(secretary, draft), opened(manager, draft)
    assert sends(manager, draft, theirs | {first: "theirs"}, {"c.jpg": jpeg((30, 30))}).status_code == 302
    response = sends(secretary, draft, mine | {first: "mine", second: "minutes"})
    assert (response.status_code, "A colleague has written meanwhile: \u2068theirs\u2069" in words(response)) == (
        422,
        True,
    )
    assert list(draft.files.values_list("caption", flat=True)) == ["theirs", "minutes", ""]
    again = form_in(response)
    again.pop("files")
    assert again[first] == "mine"
    assert sends(secretary, draft, again).status_code == 302
    assert list(draft.files.values_list("caption", flat=True)) == ["mine", "minutes", ""]


def test_a_caption_of_what_a_colleague_removed_is_shown_once_more(
    secretary: Client, manager: Client, draft: Meeting, cast: Cast
) -> None:
    name = holding(draft, cast)[0].attachment.name
    mine = opened(secretary, draft)
    sends(manager, draft, opened(manager, draft) | {f"remove-{name}": "on"})
    response = sends(secretary, draft, mine | {f"caption-{name}": "the hall"})
    assert (response.status_code, "You had written of it: \u2068the hall\u2069" in words(response)) == (422, True)


def test_the_bytes_are_seen_by_members_alone_also_when_one_has_left(draft: Meeting, cast: Cast) -> None:
    photo = holding(draft, cast)[0].attachment
    for address in (photo.get_absolute_url(), photo.thumbnails[0].url):
        assert signed_in(cast.manager).get(address).status_code == 200
        others = (cast.other_member, cast.official, cast.moderator, cast.administrator, cast.stranger)
        assert {signed_in(each).get(address).status_code for each in others} == {404}
        assert Client().get(address).status_code == 404
    remove_member(cast.secretary.memberships.get(), by=cast.manager)
    gone = signed_in(cast.secretary)
    assert gone.get(photo.get_absolute_url()).status_code == 404
    assert gone.get(page(draft)).status_code == 404


def test_nobody_names_a_file_of_a_draft_elsewhere(draft: Meeting, cast: Cast) -> None:
    holding(draft, cast)
    assert list(unused_of(cast.secretary)) == []


def test_files_of_a_draft_outlive_the_night_and_go_with_it(
    manager: Client, draft: Meeting, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    photo = holding(draft, cast)[0].attachment
    assert discard_unused(timezone.now() + timedelta(days=9)) == 0
    sent = form_in(manager.get(page(draft, "delete")))
    sends(manager, draft, opened(manager, draft), {"late.pdf": pdf()})
    assert manager.post(page(draft, "delete"), sent).status_code == 409
    assert draft.files.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert manager.post(page(draft, "delete"), form_in(manager.get(page(draft, "delete")))).status_code == 302
    assert Attachment.objects.count() == 0
    assert not any(storage().exists(name) for name in photo.stored)


def test_the_draft_says_how_many_and_leads_to_them(secretary: Client, draft: Meeting, cast: Cast) -> None:
    holding(draft, cast, jpeg(SMALL), pdf())
    response = secretary.get(page(draft, "").rstrip("/") + "/")
    assert "2 files are added." in words(response)
    response = secretary.post(f"/en/workspace/meetings/{draft.pk}/", form_in(response) | {"then": "files"})
    assert response.status_code == 302
    assert response.headers["Location"] == f"{page(draft)}#content"


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_files(
    manager: Client, draft: Meeting, cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    holding(draft, cast, *(pdf(f"%{each}\n".encode()) for each in range(count)), caption="minutes")
    with django_assert_num_queries(10):
        manager.get(page(draft))
    published(draft, cast)
    with django_assert_num_queries(12):
        Client().get(f"/en/meetings/{draft.pk}/")


# Publishing


def test_what_was_reviewed_is_what_is_published(manager: Client, draft: Meeting, cast: Cast) -> None:
    review, publishing = page(draft, "review"), page(draft, "publish")
    sent = form_in(manager.get(review), publishing) | {"has_read": "on"}
    holding(draft, cast, caption="late")
    response = manager.post(publishing, sent)
    assert (response.status_code, Entry.objects.count()) == (409, 0)
    sent = form_in(response, publishing) | {"has_read": "on"}
    assert manager.post(publishing, sent).status_code == 302
    assert Entry.objects.get(stream__meeting=draft).fields["caption_1"] == "late"


def test_who_adds_while_another_publishes_is_told(secretary: Client, draft: Meeting, cast: Cast) -> None:
    sent = opened(secretary, draft)
    published(draft, cast)
    response = sends(secretary, draft, sent, {"late.jpg": jpeg(SMALL)})
    assert "The meeting was published meanwhile." in words(secretary.get(response.url))
    assert draft.files.count() == 0


def test_the_review_warns_of_faces_and_looks_through_captions(manager: Client, draft: Meeting, cast: Cast) -> None:
    file = holding(draft, cast, pdf(), caption="call 0612345678")[0]
    told = manager.get(page(draft, "review"))
    assert "1 file is published as it is, with every face and name in it." in words(told)
    assert f'href="{page(draft)}#id_caption-{file.attachment.name}"' in told.content.decode()
    assert "No source is named" not in words(told)


def test_the_entry_names_each_file_and_everybody_sees_them(draft: Meeting, cast: Cast) -> None:
    photo, paper = (each.attachment for each in holding(draft, cast, jpeg(SMALL), pdf(), caption="the hall"))
    entry = published(draft, cast)
    assert entry.fields["file_2"] == {
        "name": paper.name, "sha256": paper.sha256, "size": paper.size, "type": "application/pdf",
    }  # fmt: skip
    assert entry.fields["caption_1"] == "the hall"
    html = Client().get(f"/en/meetings/{draft.pk}/").content.decode()
    assert html.count(f'alt="Photo added by {cast.association.name}, 1 of 2"') == 2  # among the files, and in history
    assert re.search(rf'<a href="/files/{paper.name}/" download>', html)
    assert "the hall" in html
    assert Client().get(photo.get_absolute_url()).status_code == 200
    assert rebuilt("--check") == "Every column holds what the ledger says.\n"


# Afterwards


def corrects(client: Client, meeting: Meeting, part: str, sent: Sent, files: dict[str, bytes] | None = None) -> Any:
    return send_files(client, page(meeting, f"correct/{part}"), sent, files or {}, field="upload")


def test_a_forgotten_file_is_added_with_a_reason(manager: Client, draft: Meeting, cast: Cast) -> None:
    holding(draft, cast)
    published(draft, cast)
    sent = form_in(manager.get(page(draft, "correct/file-new"))) | {"caption": "minutes", "reason": "came later"}
    sent.pop("upload")
    assert corrects(manager, draft, "file-new", sent).status_code == 422
    checked = corrects(manager, draft, "file-new", sent, {"m.pdf": pdf()})
    assert "every face and name" in words(checked)
    assert Entry.objects.filter(stream=draft.stream).count() == 1
    confirmed = form_in(checked) | {"confirm": "1"}
    assert corrects(manager, draft, "file-new", confirmed).status_code == 302
    entry = Entry.objects.get(stream=draft.stream, number=2)
    paper = draft.files.get(number=2).attachment
    assert (entry.kind, entry.fields["old_file_2"], entry.fields["new_caption_2"]) == ("corrected", None, "minutes")
    assert entry.fields["new_file_2"]["sha256"] == paper.sha256  # type: ignore[index,call-overload]
    shown = words(Client().get(f"/en/meetings/{draft.pk}/"))
    assert "came later" in shown
    assert "File 2 before: not in the record after: added later: PDF" in shown
    assert rebuilt("--check")


def test_a_caption_is_corrected_and_the_file_stays(manager: Client, draft: Meeting, cast: Cast) -> None:
    holding(draft, cast, caption="the hal")
    published(draft, cast)
    assert "A file itself stays" in words(manager.get(page(draft, "correct")))
    form = manager.get(page(draft, "correct/file-1"))
    assert "Take it out" not in words(form)
    sent = form_in(form) | {"caption": "the hall", "reason": "typing", "confirm": "1"}
    assert corrects(manager, draft, "file-1", sent).status_code == 302
    assert draft.files.get().caption == "the hall"
    assert manager.get(page(draft, "correct/file-9")).status_code == 404


def test_the_form_of_a_file_begins_with_what_is_there_and_says_nothing_is_wrong(
    manager: Client, draft: Meeting, cast: Cast
) -> None:
    holding(draft, cast, caption="the hall")
    published(draft, cast)
    for part, caption in (("file-1", "the hall"), ("file-new", "")):
        form = manager.get(page(draft, f"correct/{part}"))
        assert (form_in(form)["caption"], form_in(form)["expected"]) == (caption, "1")
        assert "errorlist" not in form.content.decode()


def test_who_corrects_a_caption_after_a_colleague_is_shown_theirs_first(
    manager: Client, draft: Meeting, cast: Cast
) -> None:
    holding(draft, cast, caption="the hal")
    published(draft, cast)
    sent = form_in(manager.get(page(draft, "correct/file-1"))) | {"reason": "typing", "confirm": "1"}
    assert corrects(manager, draft, "file-1", sent | {"caption": "the hall"}).status_code == 302
    response = corrects(manager, draft, "file-1", sent | {"caption": "a hall"})
    assert (response.status_code, form_in(response)["caption"]) == (409, "a hall")
    assert "Caption of file 1: the hal the hall" in words(response)
    assert draft.files.get().caption == "the hall"
    again = form_in(response) | {"confirm": "1"}
    assert corrects(manager, draft, "file-1", again).status_code == 302
    assert draft.files.get().caption == "a hall"


def test_a_moderator_withholds_one_and_redacts_a_caption(draft: Meeting, cast: Cast) -> None:
    photo = holding(draft, cast, caption="Ahmed")[0].attachment
    entry = published(draft, cast)
    moderator = signed_in(cast.moderator)
    address = f"/en/moderation/meetings/{draft.pk}/files/{photo.name}/"
    assert signed_in(cast.manager).post(address, {}).status_code == 403
    assert moderator.post(address, {f"file-{photo.name}-reason": "a face"}).status_code == 302
    withheld = Entry.objects.get(stream=draft.stream, kind="withheld")
    assert withheld.fields == {"name": photo.name, "sha256": photo.sha256, "reason": "a face"}
    assert Client().get(photo.get_absolute_url()).status_code == 410
    redact(entry, fields=["caption_1"], reason="a name", by=cast.moderator, now=timezone.now())
    html = Client().get(f"/en/meetings/{draft.pk}/").content.decode()
    assert ("Ahmed" in html, "a face" in html, photo.thumbnails[0].url in html) == (False, True, False)
    entry.refresh_from_db()
    assert entry.fields["file_1"]["sha256"] == photo.sha256  # type: ignore[index,call-overload]
    assert draft.files.get().caption == ""
    assert rebuilt("--check")


@pytest.mark.parametrize(
    "change",
    [
        lambda file: Attachment.objects.update(withheld_at=timezone.now(), withheld_reason="by hand"),
        lambda file: MeetingFile.objects.update(caption="by hand"),
        lambda file: MeetingFile.objects.update(number=7),
        lambda file: file.delete(),
    ],
    ids=["withheld", "caption", "number", "row"],
)
def test_a_drift_of_a_file_is_found_and_put_right(draft: Meeting, cast: Cast, change: Any) -> None:
    holding(draft, cast, caption="the hall")
    published(draft, cast)
    change(draft.files.get())
    with pytest.raises(CommandError):
        rebuilt("--check")
    with suppress(CommandError):  # a row that the ledger does not know is told, also where it is put right
        rebuilt()
    rebuilt("--check")
    assert list(draft.files.values_list("number", "caption", "attachment__withheld_at")) == [(1, "the hall", None)]


def test_withheld_twice_is_refused_and_another_meetings_file_too(draft: Meeting, cast: Cast) -> None:
    photo = holding(draft, cast)[0].attachment
    published(draft, cast)
    other: Meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association)
    PledgeFactory.create(meeting=other)
    published(other, cast)
    with pytest.raises(ValueError, match="no entry of meeting"):
        withhold(other, photo, reason="why", by=cast.moderator, now=timezone.now())
    with pytest.raises(MeetingFile.DoesNotExist):
        correct_file(other, 1, changes={"caption": "x"}, reason="why", by=cast.manager, now=timezone.now())
