"""What the page of a draft's files says of what was chosen, and where its buttons lead once all is saved."""

from typing import Any

import pytest
from django.test import Client

from meetings.models import Meeting
from tests.cast import Cast
from tests.commitments.views.test_meeting_files import SMALL, draft, holding, opened, page, secretary, sends
from tests.desk import signed_in
from tests.reading import words
from tests.uploads import jpeg, pdf

pytestmark = pytest.mark.usefixtures("english")
__all__ = ["draft", "secretary"]

DOCX = b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00" + b"\0" * 16 + b"[Content_Types].xml" + b"\0" * 90
ODT = b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text"
DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 90
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def said_to(client: Client, meeting: Meeting, files: dict[str, bytes]) -> str:
    response = sends(client, meeting, opened(client, meeting), files)
    return words(client.get(response.url) if response.status_code == 302 else response)


def test_a_file_that_is_there_already_is_named_and_said_to_be_left_out(secretary: Client, draft: Meeting) -> None:
    said_to(secretary, draft, {"a.jpg": jpeg(SMALL), "b.pdf": pdf()})
    told = said_to(secretary, draft, {"again.jpg": jpeg(SMALL), "b.pdf": pdf(), "c.pdf": pdf(b"%c\n")})
    assert "1 file was added." in told
    assert "These files are here already, and were not added again: \u2068again.jpg\u2069, \u2068b.pdf\u2069." in told
    only = said_to(secretary, draft, {"b.pdf": pdf()})
    assert "This file is here already, and was not added again: \u2068b.pdf\u2069." in only
    assert draft.files.count() == 3


def test_beside_a_refused_file_those_that_were_kept_are_named(secretary: Client, draft: Meeting) -> None:
    told = said_to(secretary, draft, {"one.jpg": jpeg(SMALL), "bad.svg": b"<svg/>", "two.pdf": pdf()})
    assert "These files were added: \u2068one.jpg\u2069, \u2068two.pdf\u2069." in told
    assert "“\u2068bad.svg\u2069” is not a photo" in told
    assert "The files are saved" not in said_to(secretary, draft, {"bad.svg": b"<svg/>"})


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("minutes.docx", DOCX, "Save it there as PDF"),
        ("minutes", DOCX, "Save it there as PDF"),
        ("minutes.odt", ODT, "Save it there as PDF"),
        ("minutes.doc", DOC, "Save it there as PDF"),
        ("minutes.DOCX", b"broken", "Save it there as PDF"),
        ("IMG_1.HEIC", b"broken", "Save it as JPEG"),
        ("photo.jpg", HEIC, "Save it as JPEG"),
        ("archive.zip", b"PK\x03\x04" + b"\0" * 60, "It may be damaged."),
    ],
)
def test_who_chooses_a_document_or_another_sort_of_photo_reads_how_to_get_one(
    secretary: Client, draft: Meeting, name: str, content: bytes, sentence: str
) -> None:
    told = said_to(secretary, draft, {name: content})
    assert f"“\u2068{name}\u2069” is" in told
    assert sentence in told
    assert draft.files.count() == 0


@pytest.mark.parametrize(("then", "leads_to"), [("review", "review/"), ("draft", "")])
def test_a_caption_is_saved_before_the_page_is_left(
    secretary: Client, draft: Meeting, cast: Cast, then: str, leads_to: str
) -> None:
    name = holding(draft, cast)[0].attachment.name
    sent: dict[str, Any] = opened(secretary, draft) | {"then": then}
    away = f"/en/workspace/meetings/{draft.pk}/{leads_to}"
    assert sends(secretary, draft, sent).url == away
    assert "The files are saved" not in words(secretary.get(away))
    assert sends(secretary, draft, sent | {f"caption-{name}": "the hall"}).url == away
    assert draft.files.get().caption == "the hall"
    assert "The files are saved." in words(secretary.get(away))


def test_who_leaves_with_a_file_that_is_refused_stays(secretary: Client, draft: Meeting) -> None:
    response = sends(secretary, draft, opened(secretary, draft) | {"then": "review"}, {"bad.svg": b"<svg/>"})
    assert response.status_code == 422
    response = sends(secretary, draft, opened(secretary, draft) | {"then": "elsewhere"})
    assert response.url == f"{page(draft)}#content"


def test_enter_in_a_caption_saves_and_stays(secretary: Client, draft: Meeting) -> None:
    html = secretary.get(page(draft)).content.decode()
    buttons = [each.split(">")[0] for each in html.split("<main")[1].split("<button")[1:]]
    assert 'name="then"' not in buttons[0]


def test_who_may_not_do_something_still_sees_that_they_are_signed_in(draft: Meeting, cast: Cast) -> None:
    html = signed_in(cast.official).get("/en/workspace/meetings/new/")
    assert html.status_code == 403
    text = html.content.decode()
    assert 'action="/en/accounts/logout/"' in text
    assert ">Sign in<" not in text
    assert "This is not open to you" in words(html)
