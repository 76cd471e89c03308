"""Files at their addresses: who may see them, and with which headers."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from attachments.keeping import keep, storage, use, withhold
from attachments.models import Attachment
from tests.cast import Cast
from tests.desk import signed_in
from tests.uploads import jpeg, kept, pdf


def used(cast: Cast, name: str = "a.jpg", content: bytes | None = None) -> Attachment:
    upload = SimpleUploadedFile(name, content or jpeg())
    attachment = keep(upload, by=cast.official, now=timezone.now())
    with transaction.atomic():
        use([attachment], by=cast.official)
    return attachment


def get(address: str, client: Client | None = None, headers: dict[str, str] | None = None) -> Any:
    return (client or Client()).get(address, headers=headers)


def test_a_photo_is_served_to_everybody_and_can_do_nothing(cast: Cast) -> None:
    photo = used(cast)
    response = get(photo.get_absolute_url())
    assert b"".join(response.streaming_content)[:3] == b"\xff\xd8\xff"
    assert {name: response.headers[name] for name in ("Content-Type", "Content-Security-Policy", "Cache-Control")} == {
        "Content-Type": "image/jpeg",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "public, max-age=300",
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (response.cookies, response.headers.get("Vary")) == ({}, None)


def test_a_photo_travels_once(cast: Cast) -> None:
    address = used(cast).get_absolute_url()
    etag = get(address).headers["ETag"]
    assert get(address, headers={"if-none-match": etag}).status_code == 304


def test_a_photo_keeps_its_length_where_pages_are_compressed(cast: Cast) -> None:
    photo = used(cast)
    response = get(photo.get_absolute_url(), headers={"accept-encoding": "gzip"})
    assert (response.headers["Content-Length"], "Content-Encoding" in response.headers) == (str(photo.size), False)


def test_thumbnails_are_webp_of_the_widths_that_there_are(cast: Cast) -> None:
    photo = used(cast)
    assert [each.width for each in photo.thumbnails] == [320, 640]
    for each in photo.thumbnails:
        response = get(each.url)
        content = b"".join(response.streaming_content)
        assert (response.headers["Content-Type"], content[:4], content[8:12]) == ("image/webp", b"RIFF", b"WEBP")
    assert get(f"{photo.get_absolute_url()}641.webp").status_code == 404


def test_a_pdf_is_a_download_under_a_name_of_ours(cast: Cast) -> None:
    paper = used(cast, "../<b>.pdf", pdf())
    response = get(paper.get_absolute_url())
    assert response.headers["Content-Disposition"] == f'attachment; filename="iltizam-{paper.name[:12]}.pdf"'
    assert b"".join(response.streaming_content) == pdf()
    assert get(f"{paper.get_absolute_url()}320.webp").status_code == 404


def test_an_upload_that_no_entry_names_is_seen_by_its_sender_alone(cast: Cast) -> None:
    photo = kept(by=cast.official)
    addresses = [photo.get_absolute_url(), photo.thumbnails[0].url]
    for address in addresses:
        own = get(address, signed_in(cast.official))
        assert (own.status_code, own.headers["Cache-Control"]) == (200, "private, no-store")
        others = (cast.headquarters_official, cast.moderator, cast.administrator, cast.stranger)
        assert {get(address, signed_in(each)).status_code for each in others} == {404}
        assert get(address).status_code == 404


def test_a_withheld_file_gives_its_reason_to_all_but_moderators(cast: Cast) -> None:
    photo = used(cast)
    withhold(photo, reason="it shows a face", now=timezone.now())
    for address in (photo.get_absolute_url(), photo.thumbnails[0].url):
        for client in (Client(), signed_in(cast.official), signed_in(cast.administrator)):
            response = get(address, client)
            assert (response.status_code, response.headers["Content-Type"]) == (410, "text/plain; charset=utf-8")
            assert "Withheld by the moderators: it shows a face" in response.content.decode()
        moderator = get(address, signed_in(cast.moderator))
        assert (moderator.status_code, moderator.headers["Cache-Control"]) == (200, "private, no-store")


def test_what_is_not_there_is_not_found(cast: Cast) -> None:
    assert get("/files/nothing/").status_code == 404
    photo = used(cast)
    storage().delete(photo.stored_as)
    assert get(photo.get_absolute_url()).status_code == 404


def test_a_file_cannot_be_sent_to(cast: Cast) -> None:
    assert Client().post(used(cast).get_absolute_url()).status_code == 405


def test_a_request_that_is_too_large_is_told_so(settings: Any, cast: Cast) -> None:
    settings.REQUEST_MAX_SIZE = 1000
    response = signed_in(cast.official).post("/en/inbox/pledges/1/status/", {"text": "x" * 1000})
    assert response.status_code == 413
    assert "At most 6 files of 10 MB each" in response.content.decode()


def test_names_are_random(cast: Cast) -> None:
    names = {kept(by=cast.official).name for _each in range(3)}
    assert (len(names), {len(bytes.fromhex(name)) for name in names}) == (3, {20})
