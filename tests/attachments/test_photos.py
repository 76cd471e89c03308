"""What becomes of a picture on its way in."""

import pytest
from PIL import Image, ImageCms

from attachments.photos import LONG_SIDE, NotAPhoto, encoded
from tests.uploads import jpeg, photo_of, picture, saved, with_position

RED, GREEN = (255, 0, 0), (0, 128, 0)


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 12 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("orientation", "size", "red_corner"),
    [
        (1, (640, 480), (5, 5)),
        (3, (640, 480), (634, 474)),
        (6, (480, 640), (474, 5)),
        (8, (480, 640), (5, 634)),
    ],
)
def test_a_photo_stands_upright_however_the_camera_was_held(
    orientation: int, size: tuple[int, int], red_corner: tuple[int, int]
) -> None:
    photo = photo_of(with_position(orientation))
    assert (photo.size, near(photo.getpixel(red_corner), RED)) == (size, True)


def test_what_was_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    assert near(photo_of(saved(clear, "PNG")).getpixel((32, 32)), (255, 255, 255))


def test_sixteen_bits_of_grey_are_scaled_not_cut_off() -> None:
    grey = Image.new("I;16", (64, 64), 128 * 256)
    assert near(photo_of(saved(grey, "PNG")).getpixel((32, 32)), (128, 128, 128))


def test_cmyk_becomes_the_colours_that_were_meant() -> None:
    assert near(photo_of(saved(picture(mode="CMYK"))).getpixel((600, 400)), GREEN)


def test_a_colour_profile_is_applied_before_it_is_dropped() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = photo_of(jpeg(icc_profile=lab))
    assert (near(photo.getpixel((600, 400)), GREEN), photo.info.get("icc_profile")) == (True, None)


@pytest.mark.parametrize(
    ("size", "widths"),
    [((2000, 1000), [320, 640, 1280]), ((700, 10), [320, 640, 700]), ((320, 1), [320]), ((9, 9), [9])],
)
def test_no_thumbnail_is_wider_than_the_photo(size: tuple[int, int], widths: list[int]) -> None:
    assert list(encoded(jpeg(size)).thumbnails) == widths


def test_a_large_photo_is_stored_smaller() -> None:
    photo = encoded(jpeg((5000, 2500)))
    assert (photo.width, photo.height) == (LONG_SIDE, LONG_SIDE // 2)


def test_the_same_photo_always_has_the_same_bytes() -> None:
    assert encoded(with_position()) == encoded(with_position())


def test_nothing_is_no_photo() -> None:
    with pytest.raises(NotAPhoto):
        encoded(b"")
