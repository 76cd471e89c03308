"""Files between being sent and being named: who may use them, and how long they wait."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from attachments.keeping import shown_name, storage, use, withhold
from attachments.models import Attachment
from tests.cast import Cast
from tests.uploads import kept

pytestmark = pytest.mark.usefixtures("english")
DAY = timedelta(days=1)


def aged(attachment: Attachment, age: timedelta) -> Attachment:
    Attachment.objects.filter(pk=attachment.pk).update(uploaded_at=timezone.now() - age)
    return attachment


def discard() -> str:
    out = StringIO()
    call_command("discard_uploads", stdout=out)
    return out.getvalue().strip()


def test_uploads_that_nobody_used_go_after_a_day_and_no_others(cast: Cast) -> None:
    old, named = (aged(kept(by=cast.official), 2 * DAY) for _each in range(2))
    fresh = aged(kept(by=cast.official), DAY / 2)
    use([named], by=cast.official)
    assert discard() == "1 unused uploads discarded."
    assert set(Attachment.objects.all()) == {named, fresh}
    assert [storage().exists(name) for name in old.stored] == [False] * len(old.stored)
    assert all(storage().exists(name) for each in (named, fresh) for name in each.stored)
    assert discard() == "0 unused uploads discarded."


def test_a_row_whose_bytes_were_never_stored_goes_too(cast: Cast) -> None:
    lost = aged(kept(by=cast.official), 2 * DAY)
    storage().delete(lost.stored_as)
    assert discard() == "1 unused uploads discarded."


def test_a_file_is_used_once_and_by_its_sender(cast: Cast) -> None:
    photo = kept(by=cast.official)
    with pytest.raises(ValidationError):
        use([photo], by=cast.headquarters_official)
    with transaction.atomic():
        (said,) = use([photo], by=cast.official)
    assert said == {"name": photo.name, "sha256": photo.sha256, "size": photo.size, "type": "image/jpeg"}
    with pytest.raises(ValidationError):
        use([photo], by=cast.official)


def test_a_file_is_withheld_once(cast: Cast) -> None:
    photo = kept(by=cast.official)
    use([photo], by=cast.official)
    withhold(photo, reason="a face", now=timezone.now())
    with pytest.raises(ValidationError):
        withhold(photo, reason="another", now=timezone.now())
    photo.refresh_from_db()
    assert (photo.is_withheld, photo.withheld_reason) == (True, "a face")


def test_a_store_that_takes_nothing_is_said_so(cast: Cast, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")
    folder = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = settings.STORAGES | {"attachments": folder}
    with pytest.raises(ValidationError, match="could not be stored just now"):
        kept(by=cast.official)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("lamp.jpg", "lamp.jpg"),
        ("x\u202egpj.exe", "xgpj.exe"),
        ("a\0b\n", "ab"),
        ("x" * 100, "x" * 30 + "…" + "x" * 30),
        ("\u200f\u202e", "a file without a name"),
    ],
)
def test_a_name_is_shown_without_what_hides_or_turns_it(name: str, shown: str) -> None:
    assert shown_name(name) == f"\u2068{shown}\u2069"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"width": None}, "attachment_photos_alone_have_width_and_height"),
        ({"withheld_reason": "why"}, "attachment_reason_when_withheld"),
        ({"withheld_at": timezone.now()}, "attachment_withheld_once_used"),
    ],
)
def test_the_database_holds_what_is_always_true(cast: Cast, change: dict[str, Any], constraint: str) -> None:
    photo = kept(by=cast.official)
    with pytest.raises(IntegrityError, match=constraint):
        Attachment.objects.filter(pk=photo.pk).update(**change)
