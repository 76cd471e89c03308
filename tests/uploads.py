"""Files as people send them, good and bad, and sending them as a browser does."""

import struct
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from attachments.keeping import keep
from attachments.models import Attachment
from attachments.photos import encoded
from tests.desk import Sent

BOUNDARY = "a-line-that-stands-in-no-file"


def picture(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """A picture in which the corners differ, so that one sees which way up it is."""
    drawn = Image.new("RGB", size, "green")
    drawn.paste((255, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    return drawn.convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file of this kind."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    """A photo without anything beside it."""
    return saved(picture(size), **options)


def with_position(orientation: int = 1) -> bytes:
    """A photo that says where it was taken, with what, and how the camera was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker of cameras"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 20.0, 10.0), 3: "W", 4: (9.0, 30.0, 0.0)})
    return jpeg(exif=exif)


def pdf(objects: bytes = b"", end: bytes = b"trailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n") -> bytes:
    """A PDF of one empty page, with more objects before its end."""
    pages = (
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>\nendobj\n"
    )
    return b"%PDF-1.7\n" + pages + objects + end


def packed(objects: bytes) -> bytes:
    """Objects of a PDF as newer writers pack them, out of sight."""
    stream = zlib.compress(objects, 9)
    return b"9 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\r\n" + stream + b"\r\nendstream\nendobj\n"


def png(*chunks: tuple[bytes, bytes], size: tuple[int, int] = (8, 8)) -> bytes:
    """A PNG with these chunks between its header, which claims a size, and the picture of 8 by 8."""
    header = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 9 * 8)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def multipart(fields: Mapping[str, Any], files: Iterable[tuple[str, str, bytes, str]]) -> bytes:
    """A form with files as it travels; Django's own test client would tidy their names."""
    lines = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{each}\r\n'.encode()
        for name, value in fields.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    for field, name, content, kind in files:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        lines += [head.encode(), f"Content-Type: {kind}\r\n\r\n".encode(), content, b"\r\n"]
    return b"".join([*lines, f"--{BOUNDARY}--\r\n".encode()])


def send_files(
    client: Client, address: str, sent: Sent, files: Mapping[str, bytes], *, field: str, kind: str = "image/jpeg"
) -> HttpResponse:
    """Send a form with files, by their names."""
    body = multipart(sent, [(field, name, content, kind) for name, content in files.items()])
    response: Any = client.post(address, body, content_type=f"multipart/form-data; boundary={BOUNDARY}")
    return response  # type: ignore[no-any-return]  # the test client's own class


def kept(by: User, content: bytes | None = None) -> Attachment:
    """An unused photo of this person, through the front door of the domain."""
    return keep(SimpleUploadedFile("a.jpg", content or jpeg()), by=by, now=timezone.now())


def photo_of(content: bytes) -> Image.Image:
    """What the site would store of a photo, opened."""
    return Image.open(BytesIO(encoded(content).content))
