"""Evidence, from the form that adds it to the page that shows it, and to the moderator who withholds it."""

import re
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone
from PIL import Image

from attachments.models import Attachment
from commitments.models import Pledge
from commitments.moderation import redact, withhold
from commitments.speaking import answer, assess
from ledger.models import Entry
from tests.cast import Cast
from tests.desk import Sent, form_in, signed_in
from tests.factories import published_meeting
from tests.reading import words
from tests.remembering import remembered
from tests.uploads import jpeg, kept, pdf, send_files, with_position

pytestmark = pytest.mark.usefixtures("english")
FIELD, KEPT = "status-evidence", "status-evidence-kept"


@pytest.fixture
@remembered
def pledge(cast: Cast) -> Pledge:
    meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        by=cast.manager,
        pledges=[{"title": "a lamp"}],
        neighbourhoods=[cast.neighbourhood],
        held_on=timezone.localdate() - timedelta(days=2),
        now=timezone.now() - timedelta(days=1),
    )
    return meeting.pledges.get()


@pytest.fixture
def official(cast: Cast) -> Client:
    return signed_in(cast.official)


def at(pledge: Pledge) -> str:
    return f"/en/inbox/pledges/{pledge.pk}/"


def opened(response: Any, pledge: Pledge) -> Sent:
    """The answer's form as the browser holds it: files are empty, ticks are what stands in the page."""
    sent = form_in(response, f"{at(pledge)}status/")
    sent.pop(FIELD, None)
    return sent


def sends(client: Client, pledge: Pledge, sent: Sent, files: dict[str, bytes] | None = None) -> Any:
    return send_files(client, f"{at(pledge)}status/", sent, files or {}, field=FIELD)


def said(pledge: Pledge, kind: str = "status") -> Entry:
    return Entry.objects.get(stream=pledge.stream, kind=kind)


def shown(cast: Cast, pledge: Pledge, count: int = 1) -> list[Attachment]:
    """The pledge said to be kept, with so many photos."""
    evidence = [kept(by=cast.official, content=jpeg((400 + each, 300))) for each in range(count)]
    answer(
        pledge, status=Pledge.Status.KEPT, by=cast.official, organisation=cast.agency, evidence=evidence,
        now=timezone.now(),
    )  # fmt: skip
    pledge.refresh_from_db()
    return list(Attachment.objects.order_by("pk"))


# Adding


def test_a_photo_with_a_position_comes_back_without_it(official: Client, pledge: Pledge) -> None:
    original = with_position(6)
    assert b"Maker of cameras" in original
    sent = opened(official.get(at(pledge)), pledge) | {"status-status": "kept"}
    assert sends(official, pledge, sent, {"lamp.jpg": original}).status_code == 302
    page = Client().get(f"/en/pledges/{pledge.pk}/").content.decode()
    addresses = set(re.findall(r"/files/[0-9a-f]+/(?:\d+\.webp)?", page))
    assert len(addresses) == 3
    for address in addresses:
        response: Any = Client().get(address)
        content = b"".join(response.streaming_content)
        assert not Image.open(BytesIO(content)).getexif()
        assert not any(mark in content for mark in (b"Exif", b"GPS", b"Maker of cameras", b"lamp.jpg"))


def test_evidence_is_reason_enough_and_its_hash_is_in_the_ledger(official: Client, pledge: Pledge) -> None:
    sent = opened(official.get(at(pledge)), pledge) | {"status-status": "kept"}
    assert sends(official, pledge, sent).status_code == 422
    assert sends(official, pledge, sent, {"a.jpg": jpeg(), "b.pdf": pdf()}).status_code == 302
    photo, paper = Attachment.objects.order_by("pk")
    assert said(pledge).fields["evidence"] == [
        {"name": each.name, "sha256": each.sha256, "size": each.size, "type": each.media_type}
        for each in (photo, paper)
    ]
    assert (photo.is_used, paper.is_used) == (True, True)


def test_an_entry_without_evidence_has_no_field_for_it(official: Client, pledge: Pledge) -> None:
    sends(official, pledge, opened(official.get(at(pledge)), pledge) | {"status-status": "acknowledged"})
    assert "evidence" not in said(pledge).fields


def test_good_files_and_words_stay_when_one_file_is_bad(official: Client, pledge: Pledge) -> None:
    sent = opened(official.get(at(pledge)), pledge) | {"status-status": "kept", "status-text": "see for yourselves"}
    response = sends(official, pledge, sent, {"good.jpg": jpeg(), "bad.svg": b"<svg/>"})
    assert (response.status_code, "“\u2068bad.svg\u2069” is not a photo" in words(response)) == (422, True)
    photo = Attachment.objects.get()
    again = opened(response, pledge)
    assert (again[KEPT], again["status-text"]) == ([photo.name], "see for yourselves")
    assert official.get(photo.thumbnails[0].url).status_code == 200
    assert sends(official, pledge, again).status_code == 302
    assert [each["name"] for each in said(pledge).fields["evidence"]] == [photo.name]  # type: ignore[union-attr,index,call-overload]


def test_files_stay_when_somebody_spoke_in_between(cast: Cast, official: Client, pledge: Pledge) -> None:
    sent = opened(official.get(at(pledge)), pledge) | {"status-status": "kept"}
    other = cast.headquarters_official
    answer(pledge, status=Pledge.Status.IN_PROGRESS, by=other, organisation=cast.headquarters, now=timezone.now())
    response = sends(official, pledge, sent, {"a.jpg": jpeg()})
    assert response.status_code == 409
    assert Attachment.objects.get().is_used is False
    assert sends(official, pledge, opened(response, pledge)).status_code == 302
    assert Attachment.objects.get().is_used is True


def test_a_file_whose_tick_is_taken_away_is_not_published(official: Client, pledge: Pledge) -> None:
    sent = opened(official.get(at(pledge)), pledge)
    response = sends(official, pledge, sent, {"a.jpg": jpeg(), "b.jpg": jpeg((300, 300))})
    again = opened(response, pledge) | {"status-status": "kept"}
    first, second = again[KEPT]
    assert sends(official, pledge, again | {KEPT: [second]}).status_code == 302
    assert dict(Attachment.objects.values_list("name", "is_used")) == {first: False, second: True}


def test_nobody_publishes_what_another_uploaded_nor_the_same_twice(
    cast: Cast, official: Client, pledge: Pledge
) -> None:
    foreign, own = kept(by=cast.headquarters_official), shown(cast, pledge)[0]
    Attachment.objects.filter(pk=own.pk).update(is_used=True)
    sent = opened(official.get(at(pledge)), pledge) | {"status-status": "not_kept"}
    response = sends(official, pledge, sent | {KEPT: [foreign.name, own.name, "nothing"]})
    assert (response.status_code, KEPT in opened(response, pledge)) == (422, False)


def test_six_files_and_no_more(official: Client, pledge: Pledge) -> None:
    sent = opened(official.get(at(pledge)), pledge) | {"status-status": "kept"}
    files = {f"{each}.jpg": jpeg((40 + each, 30)) for each in range(8)}
    response = sends(official, pledge, sent, files)
    assert (response.status_code, "Only 6 files can be added" in words(response)) == (422, True)
    assert (Attachment.objects.count(), len(opened(response, pledge)[KEPT])) == (6, 6)


def test_the_same_photo_twice_is_shown_once(official: Client, pledge: Pledge) -> None:
    sent = opened(official.get(at(pledge)), pledge) | {"status-status": "kept"}
    sends(official, pledge, sent, {"a.jpg": jpeg(), "again.jpg": jpeg()})
    assert len(said(pledge).fields["evidence"]) == 1  # type: ignore[arg-type]


def test_the_reminder_stands_at_the_button(official: Client, pledge: Pledge) -> None:
    assert "Avoid faces and number plates: everybody will see what you add. Take or choose photos" in words(
        official.get(at(pledge))
    )


def test_an_association_shows_what_it_found(cast: Cast, pledge: Pledge) -> None:
    client, page = signed_in(cast.secretary), f"/en/workspace/pledges/{pledge.pk}/"
    sent = form_in(client.get(page), f"{page}assess/") | {"assessment-verdict": "could_not_tell"}
    sent.pop("assessment-evidence")
    response = send_files(client, f"{page}assess/", sent, {"a.jpg": jpeg()}, field="assessment-evidence")
    assert response.status_code == 302
    assert len(said(pledge, "assessment").fields["evidence"]) == 1  # type: ignore[arg-type]
    assert (
        f"Photo added by {cast.association.name}, 1 of 1" in Client().get(f"/en/pledges/{pledge.pk}/").content.decode()
    )


# Showing


def test_the_page_says_who_added_what(cast: Cast, pledge: Pledge) -> None:
    photo = shown(cast, pledge, 2)[1]
    page = Client().get(f"/en/pledges/{pledge.pk}/").content.decode()
    image = re.search(rf'<a href="/files/{photo.name}/">\s*<img ([^>]*)>', page)
    assert image
    assert f'alt="Photo added by {cast.agency.name}, 2 of 2"' in image[1]
    assert f'srcset="/files/{photo.name}/320.webp 320w, /files/{photo.name}/401.webp 401w"' in image[1]
    assert all(each in image[1] for each in ('width="401"', 'height="300"', 'loading="lazy"'))


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_asks_the_database_as_often_for_three_files_as_for_one(
    cast: Cast, pledge: Pledge, count: int, django_assert_num_queries: Any
) -> None:
    shown(cast, pledge, count)
    with django_assert_num_queries(9):
        Client().get(f"/en/pledges/{pledge.pk}/")


# Withholding


def test_a_moderator_withholds_a_file_with_a_public_reason(cast: Cast, pledge: Pledge) -> None:
    photo, other = shown(cast, pledge, 2)
    client, page = signed_in(cast.moderator), f"/en/moderation/pledges/{pledge.pk}/"
    action = f"{page}files/{photo.name}/"
    sent = form_in(client.get(page), action)
    assert client.post(action, sent).status_code == 422
    assert client.post(action, sent | {f"file-{photo.name}-reason": "it shows a face"}).status_code == 302
    public = words(Client().get(f"/en/pledges/{pledge.pk}/"))
    assert f"Photo added by {cast.agency.name}, 1 of 2: withheld by the moderators. it shows a face" in public
    assert "A file was withheld by the moderators" in public
    assert [Client().get(each.get_absolute_url()).status_code for each in (photo, other)] == [410, 200]
    entry = said(pledge, "withheld")
    assert (entry.speaker, entry.author, entry.fields) == (
        "site",
        cast.moderator,
        {"name": photo.name, "sha256": photo.sha256, "reason": "it shows a face"},
    )
    assert action not in client.get(page).content.decode()


def test_a_file_of_another_pledge_cannot_be_withheld_here(cast: Cast, pledge: Pledge) -> None:
    shown(cast, pledge)
    foreign = kept(by=cast.official)
    address = f"/en/moderation/pledges/{pledge.pk}/files/{foreign.name}/"
    sent = {f"file-{foreign.name}-reason": "why"}
    assert signed_in(cast.moderator).post(address, sent).status_code == 404
    with pytest.raises(ValueError, match="no entry of pledge"):
        withhold(pledge, foreign, reason="why", by=cast.moderator, now=timezone.now())


def test_a_reason_that_says_too_much_can_be_redacted(cast: Cast, pledge: Pledge) -> None:
    (photo,) = shown(cast, pledge)
    entry = withhold(pledge, photo, reason="the face of X", by=cast.moderator, now=timezone.now())
    redact(entry, fields=["reason"], reason="a name", by=cast.moderator, now=timezone.now())
    photo.refresh_from_db()
    assert (photo.is_withheld, photo.withheld_reason) == (True, "")
    assert "the face of X" not in Client().get(f"/en/pledges/{pledge.pk}/").content.decode()


# The ledger is right


def checked(*arguments: str) -> str:
    out = StringIO()
    call_command("rebuild", *arguments, stdout=out)
    return out.getvalue()


def test_rows_of_files_agree_with_the_ledger(cast: Cast, pledge: Pledge) -> None:
    photo = shown(cast, pledge, 2)[0]
    withhold(pledge, photo, reason="a face", by=cast.moderator, now=timezone.now())
    assess(
        pledge, verdict=Pledge.Assessment.CONFIRMED, by=cast.secretary, organisation=cast.association,
        day=timezone.localdate(), evidence=[kept(by=cast.secretary)], now=timezone.now(),
    )  # fmt: skip
    assert checked("--check") == "Every column holds what the ledger says.\n"
    call_command("verify_ledger", stdout=StringIO())


def test_a_row_that_drifted_is_put_right_and_one_that_is_gone_is_told(cast: Cast, pledge: Pledge) -> None:
    photo, other = shown(cast, pledge, 2)
    withhold(pledge, photo, reason="a face", by=cast.moderator, now=timezone.now())
    Attachment.objects.filter(pk=photo.pk).update(withheld_at=None, withheld_reason="")
    assert f"pledge {pledge.pk}, file {photo.name}, withheld_reason" in checked()
    photo.refresh_from_db()
    assert (photo.is_withheld, photo.withheld_reason) == (True, "a face")
    other.delete()
    with pytest.raises(CommandError):
        checked("--check")


def test_a_name_that_no_file_has_is_passed_over(official: Client, pledge: Pledge) -> None:
    sent = opened(official.get(at(pledge)), pledge) | {"status-status": "acknowledged", KEPT: "a\0b"}
    assert official.post(f"{at(pledge)}status/", sent).status_code == 302
