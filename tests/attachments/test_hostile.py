"""Files that mean harm, or are broken: refused with a sentence, or made harmless; what was typed stays."""

import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from attachments.keeping import MAX_BYTES
from attachments.models import Attachment
from commitments.models import Pledge
from tests.cast import Cast
from tests.desk import form_in, signed_in
from tests.factories import published_meeting
from tests.reading import words
from tests.remembering import remembered
from tests.uploads import jpeg, packed, pdf, picture, png, saved, send_files, with_position

pytestmark = pytest.mark.usefixtures("english")

NOT_A_PHOTO = "is not a photo (JPEG, PNG, WebP) or PDF that we can read"
TOO_MANY = "has more than 40 megapixels"
TOO_LARGE = "is larger than 10 MB"
EMPTY = "is empty"
DAMAGED = "is a PDF that is cut short or damaged"
ACTIVE = "is a PDF that is locked, or holds programs, forms or other files"
HARMLESS, IGNORED = "harmless", "ignored"

SCRIPT = b"<html><script>alert(document.domain)</script></html>"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><GPSLatitude>30,20N</GPSLatitude></x:xmpmeta>'


class Hostile(NamedTuple):
    """A file, what its sender calls it, and what becomes of it: `HARMLESS`, `IGNORED` or the sentence."""

    content: Callable[[], bytes]
    outcome: str
    name: str = "photo.jpg"
    kind: str = "image/jpeg"


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.class", b"\xca\xfe\xba\xbe")
    return out.getvalue()


def hidden(kind: bytes) -> bytes:
    """A script packed out of sight, in an object that says so in an unusual way."""
    return packed(b"8 0 <</S/JavaScript/JS(x)>>").replace(b"/ObjStm", kind)


def frames(kind: str) -> bytes:
    more = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    return saved(picture((64, 48)), kind, save_all=True, append_images=more, duration=100, loop=0)


def claims(size: int) -> bytes:
    """A JPEG whose header claims to be a square of this size."""
    content = jpeg((64, 64))
    start = content.index(b"\xff\xc0") + 5
    return content[:start] + size.to_bytes(2) * 2 + content[start + 4 :]


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def active(name: bytes) -> bytes:
    return pdf(b"8 0 obj\n<</Type/Action/S/" + name + b">>\nendobj\n")


MADE_HARMLESS: dict[str, Hostile] = {
    # what stands beside the picture
    "position in EXIF": Hostile(with_position, HARMLESS),
    "position in XMP": Hostile(lambda: jpeg(xmp=XMP), HARMLESS),
    "position in XMP of a WebP": Hostile(lambda: saved(picture(), "WEBP", xmp=XMP), HARMLESS),
    "a comment": Hostile(lambda: jpeg(comment=SCRIPT), HARMLESS),
    "a broken colour profile": Hostile(lambda: jpeg(icc_profile=b"no profile" * 20), HARMLESS),
    "broken EXIF": Hostile(lambda: jpeg(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 40), HARMLESS),
    "text in a PNG": Hostile(lambda: png((b"tEXt", b"Comment\0" + SCRIPT)), HARMLESS),
    # two files in one
    "JPEG and ZIP": Hostile(lambda: jpeg() + zipped(), HARMLESS),
    "JPEG and HTML": Hostile(lambda: jpeg() + SCRIPT, HARMLESS),
    "JPEG and PDF": Hostile(lambda: jpeg() + active(b"JavaScript"), HARMLESS),
    "PNG and PHP": Hostile(lambda: png() + b"<?php system($_GET['c']);", HARMLESS),
    "JPEG called a web page": Hostile(jpeg, HARMLESS, "x.html", "text/html"),
    "JPEG called a program": Hostile(jpeg, HARMLESS, "x.php", "application/x-php"),
    "PDF and HTML": Hostile(lambda: pdf() + SCRIPT, HARMLESS, "paper.pdf"),
    "PDF called a web page": Hostile(pdf, HARMLESS, "x.html", "text/html"),
    # pictures of unusual make
    "CMYK": Hostile(lambda: saved(picture(mode="CMYK")), HARMLESS),
    "16 bits": Hostile(lambda: saved(Image.new("I;16", (64, 64), 40_000), "PNG"), HARMLESS),
    "a palette with holes": Hostile(lambda: saved(picture(mode="P"), "PNG", transparency=0), HARMLESS),
    "animated PNG": Hostile(lambda: frames("PNG"), HARMLESS),
    "animated WebP": Hostile(lambda: frames("WEBP"), HARMLESS),
    "several pictures in a JPEG": Hostile(lambda: frames("MPO"), HARMLESS),
    "one pixel": Hostile(lambda: jpeg((1, 1)), HARMLESS),
    "a line of 40,000 pixels": Hostile(lambda: saved(Image.new("L", (40_000, 1)), "PNG"), HARMLESS),
    "a bomb within bounds": Hostile(lambda: saved(Image.new("L", (6_300, 6_300)), "PNG"), HARMLESS),
    # names
    "a name that climbs": Hostile(jpeg, HARMLESS, "../../x"),
    "a name of Windows": Hostile(jpeg, HARMLESS, "C:\\x\\..\\y.jpg"),
    "a name with NUL": Hostile(jpeg, HARMLESS, "x\0.jpg"),
    "a name that turns round": Hostile(jpeg, HARMLESS, "x\u202egpj.exe"),
    "a name of 300 letters": Hostile(jpeg, HARMLESS, "x" * 300),
    "a name of markup": Hostile(jpeg, HARMLESS, "<img src=x onerror=alert(1)>.jpg"),
    "no name": Hostile(jpeg, IGNORED, ""),
}
REFUSED: dict[str, Hostile] = {
    # something else
    "SVG": Hostile(lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', NOT_A_PHOTO),
    "HTML": Hostile(lambda: SCRIPT, NOT_A_PHOTO),
    "ZIP": Hostile(zipped, NOT_A_PHOTO),
    "GIF": Hostile(lambda: saved(picture(), "GIF"), NOT_A_PHOTO),
    "GIF and JavaScript": Hostile(lambda: b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)", NOT_A_PHOTO),
    "TIFF": Hostile(lambda: saved(picture(), "TIFF"), NOT_A_PHOTO),
    "BMP": Hostile(lambda: saved(picture(), "BMP"), NOT_A_PHOTO),
    "PostScript": Hostile(lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", NOT_A_PHOTO),
    "a program": Hostile(lambda: b"MZ" + b"\0" * 400, NOT_A_PHOTO),
    "a page called what it is not": Hostile(lambda: SCRIPT, NOT_A_PHOTO, "<b>x\u202egpj.jpg"),
    # cut short
    "half a JPEG": Hostile(lambda: half(jpeg()), NOT_A_PHOTO),
    "half a PNG": Hostile(lambda: half(saved(Image.effect_noise((64, 64), 50), "PNG")), NOT_A_PHOTO),
    "half a WebP": Hostile(lambda: half(saved(picture(), "WEBP")), NOT_A_PHOTO),
    "the beginning of a JPEG": Hostile(lambda: b"\xff\xd8\xff\xe0", NOT_A_PHOTO),
    # too much
    "a PNG of 30,000 × 30,000": Hostile(lambda: png(size=(30_000, 30_000)), TOO_MANY),
    "a JPEG of 65,000 × 65,000": Hostile(lambda: claims(65_000), TOO_MANY),
    "a bomb of pixels": Hostile(lambda: saved(Image.new("L", (9_000, 9_000)), "PNG"), TOO_MANY),
    "a bomb of text": Hostile(lambda: png((b"zTXt", b"x\0\0" + zlib.compress(b"\0" * 50_000_000))), NOT_A_PHOTO),
    "a bomb of colours": Hostile(lambda: png((b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 50_000_000))), NOT_A_PHOTO),
    "0 bytes": Hostile(lambda: b"", EMPTY),
    "11 MB": Hostile(lambda: jpeg() + b"\0" * 11 * 1024 * 1024, TOO_LARGE),
    "one byte too many": Hostile(lambda: pdf().ljust(MAX_BYTES + 1, b"\n"), TOO_LARGE, "paper.pdf"),
    # PDFs
    "PDF with a script": Hostile(lambda: active(b"JavaScript"), ACTIVE, "paper.pdf"),
    "PDF with a script in disguise": Hostile(lambda: active(b"J#61vaScrip#74"), ACTIVE, "paper.pdf"),
    "PDF with a script out of sight": Hostile(lambda: pdf(packed(b"8 0 <</S/JavaScript/JS(x)>>")), ACTIVE),
    "PDF with a script behind a disguise": Hostile(lambda: pdf(hidden(b"/Obj#53tm")), ACTIVE, "paper.pdf"),
    "PDF with a script behind much else": Hostile(lambda: pdf(hidden(b"/ObjStm" + b"/A 1" * 300)), ACTIVE, "paper.pdf"),
    "PDF of parts without end": Hostile(lambda: pdf(b"8 0 obj stream\n" * 600_000), DAMAGED, "paper.pdf"),
    "PDF with a bomb out of sight": Hostile(lambda: pdf(packed(b"\0" * 50_000_000)), DAMAGED),
    "PDF that starts a program": Hostile(lambda: active(b"Launch"), ACTIVE),
    "PDF with a file in it": Hostile(lambda: pdf(b"8 0 obj\n<</Type/EmbeddedFile>>\nendobj\n"), ACTIVE),
    "PDF with a form": Hostile(lambda: active(b"SubmitForm"), ACTIVE),
    "PDF under lock": Hostile(lambda: pdf(end=b"trailer\n<</Encrypt 8 0 R>>\nstartxref\n9\n%%EOF"), ACTIVE),
    "half a PDF": Hostile(lambda: half(pdf()), DAMAGED),
    "PDF that starts late": Hostile(lambda: b"GIF89a" + pdf(), NOT_A_PHOTO),
}


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of the files, as a small deployment has one."""
    kept_in = tmp_path / "media"
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(kept_in)}}
    settings.STORAGES = settings.STORAGES | {"attachments": backend}
    return kept_in


@pytest.fixture
@remembered
def pledge(cast: Cast) -> Pledge:
    meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        by=cast.manager,
        pledges=[{}],
        held_on=timezone.localdate() - timedelta(days=2),
        now=timezone.now() - timedelta(days=1),
    )
    return meeting.pledges.get()


def answered(cast: Cast, pledge: Pledge, hostile: Hostile) -> Any:
    """An official answers with the file as evidence, and with words."""
    client, at = signed_in(cast.official), f"/en/inbox/pledges/{pledge.pk}/"
    sent = form_in(client.get(at), f"{at}status/") | {"status-status": "kept", "status-text": "so it is"}
    sent.pop("status-evidence", None)
    files = {hostile.name: hostile.content()}
    return send_files(client, f"{at}status/", sent, files, field="status-evidence", kind=hostile.kind)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.parent.rglob("*") if path.is_file()]


@pytest.mark.parametrize("hostile", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_made_harmless_is_refused_with_a_sentence(
    cast: Cast, pledge: Pledge, folder: Path, hostile: Hostile
) -> None:
    response = answered(cast, pledge, hostile)
    page = response.content.decode()
    assert (response.status_code, hostile.outcome in words(response)) == (422, True)
    assert ("\nso it is</textarea>" in page, "<b>x" in page, "\u202e" in page) == (True, False, False)
    assert (Attachment.objects.count(), files_in(folder)) == (0, [])
    pledge.refresh_from_db()
    assert pledge.status == "no_answer"


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow's word on broken EXIF; it reads on
@pytest.mark.parametrize("hostile", MADE_HARMLESS.values(), ids=MADE_HARMLESS.keys())
def test_what_can_be_made_harmless_is_kept_without_what_it_brought(
    cast: Cast, pledge: Pledge, folder: Path, hostile: Hostile
) -> None:
    response = answered(cast, pledge, hostile)
    pledge.refresh_from_db()
    assert (response.status_code, pledge.status) == (302, "kept")
    if hostile.outcome == IGNORED:
        assert (Attachment.objects.count(), files_in(folder)) == (0, [])
        return
    attachment = Attachment.objects.get()
    stored = files_in(folder)
    assert {path.name for path in stored} == set(attachment.stored)
    assert {path.parent for path in stored} == {folder}
    for path in stored:
        holds_nothing_but_itself(path)
    served(attachment)


def holds_nothing_but_itself(path: Path) -> None:
    """A photo is one frame of 8-bit colour and nothing else; a PDF stays as it came."""
    content = path.read_bytes()
    if path.suffix == ".pdf":
        return
    with Image.open(BytesIO(content)) as image:
        image.load()
        assert (image.mode, getattr(image, "n_frames", 1)) == ("RGB", 1)
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile"} & image.info.keys()
    assert not any(mark in content for mark in (b"Exif", b"xmpmeta", b"script", b"<?php", b"PK\x03\x04", b"%PDF"))


def served(attachment: Attachment) -> None:
    """As a photo, or as a download; never as a page."""
    response: Any = Client().get(attachment.get_absolute_url())
    kind = "image/jpeg" if attachment.is_photo else "application/pdf"
    assert (response.headers["Content-Type"], response.headers["X-Content-Type-Options"]) == (kind, "nosniff")
    assert response.headers["Content-Disposition"].startswith("inline" if attachment.is_photo else "attachment")
    b"".join(response.streaming_content)
