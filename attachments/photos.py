"""Photos: bytes in, checked and encoded anew out, without what the camera wrote beside the picture.

Pillow decodes three formats and nothing else, and only what the header says to be small enough. The picture is drawn
on an empty one, so nothing travels along: no EXIF, no position, no comment, no profile, no second frame.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageCms

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 40_000_000
LONG_SIDE = 3840  # of what is stored: a lamp and its street are plain to see, and six photos are quick to encode
WIDTHS = (320, 640, 1280)
JPEG_QUALITY, WEBP_QUALITY = 88, 78

# `encoded` bounds the pixels itself and says so in a sentence; Pillow's own bound only warns up to twice its value.
Image.MAX_IMAGE_PIXELS = None
# One picture at a time in each process, so that memory is bounded however many people send photos.
_one_at_a_time = threading.Lock()
# EXIF's orientations, and what brings each upright.
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.createProfile("sRGB")


class NotAPhoto(Exception):
    """The bytes are not a JPEG, PNG or WebP that can be decoded."""


class TooManyPixels(Exception):
    """The picture is larger than MAX_PIXELS."""


class Photo(NamedTuple):
    """A picture as JPEG, its size in pixels, and smaller ones as WebP by their widths."""

    content: bytes
    width: int
    height: int
    thumbnails: Mapping[int, bytes]


def encoded(content: bytes) -> Photo:
    """The picture upright, in sRGB, the long side at most LONG_SIDE, on white where it was transparent.

    Raises NotAPhoto, or TooManyPixels before anything is decoded.
    """
    with _one_at_a_time:
        image = _decoded(content)
        thumbnails = {}
        for width in sorted({min(each, image.width) for each in WIDTHS}):
            height = max(1, round(image.height * width / image.width))
            smaller = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
            thumbnails[width] = _saved(smaller, "WEBP", quality=WEBP_QUALITY)
        return Photo(_saved(image, "JPEG", quality=JPEG_QUALITY), image.width, image.height, thumbnails)


def _decoded(content: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise TooManyPixels
            return _upright(_plain(image), image)
    except TooManyPixels:
        raise
    except Exception as error:  # each of Pillow's decoders fails in its own way
        raise NotAPhoto from error


def _plain(image: Image.Image) -> Image.Image:
    """The first frame as 8-bit sRGB on white, not too large, in a picture that holds nothing else."""
    if image.mode in {"1", "P", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
    image.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=2.0)
    plain = Image.new("RGB", image.size, "white")
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off rather than scale
        plain.paste(image.point(lambda value: value / 256).convert("L"))
    elif image.has_transparency_data:
        opaque = image.convert("RGBA")
        plain.paste(opaque, mask=opaque.getchannel("A"))
    else:
        plain.paste(_in_srgb(image))
    return plain


def _in_srgb(image: Image.Image) -> Image.Image:
    """The colours as the camera's profile means them; as they are, where it has none or a broken one."""
    if profile := image.info.get("icc_profile"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            return ImageCms.profileToProfile(image, BytesIO(profile), _SRGB, outputMode="RGB") or image
    return image.convert("RGB")


def _upright(plain: Image.Image, image: Image.Image) -> Image.Image:
    """Turned as the camera says that it was held; as it is, where what the camera wrote cannot be read."""
    turn = None
    with suppress(Exception):  # there are as many ways to break this as there are cameras
        turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    return plain.transpose(turn) if turn is not None else plain


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
