"""Taking files in, letting an entry name them, withholding them, and letting go of those that nobody named."""

import hashlib
import logging
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from attachments import documents, foreign, photos
from attachments.models import Attachment, WaitingTable

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
else:
    Upload = UploadedFile

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
MAX_UNUSED = 60  # files of one person that no entry names, until the night takes them: nobody fills the disk
MAX_HELD = 240  # files in the drafts of one organisation, for the same reason
NAME_SHOWN = 60  # characters of the sender's own name of a file, in a sentence about it


class Checked(NamedTuple):
    """The bytes to store of a file, by their names in the storage, and the row about them."""

    attachment: Attachment
    contents: Mapping[str, bytes]


def storage() -> Storage:
    """Where the bytes are: a folder that no address leads to, or an S3-compatible store (docs/settings.md)."""
    return storages["attachments"]


def keep(upload: Upload, *, by: User, now: datetime) -> Attachment:
    """Check a file by its content and store what is to be kept of it; private until an entry names it.

    Raises ValidationError with a sentence that names the file. The row comes first, so that `discard_unused` finds
    what a crash leaves behind.
    """
    if unused_of(by).count() >= MAX_UNUSED:
        sentence = _("“%(name)s” was not added: too many of your files wait to be published. Try again tomorrow.")
        raise _refusal(sentence, upload)
    attachment, contents = _checked(upload)
    attachment.uploaded_by, attachment.uploaded_at = by, now
    attachment.save(force_insert=True)
    try:
        for name, content in contents.items():
            storage().save(name, ContentFile(content))
    except Exception as error:  # a full disk, a store that does not answer: each storage fails in its own way
        logger.exception("The storage did not take a file.")
        sentence = _("“%(name)s” could not be stored just now. Add it again in a while; your words are still here.")
        raise _refusal(sentence, upload) from error
    return attachment


def _checked(upload: Upload) -> Checked:
    if not upload.size:
        raise _refusal(_("“%(name)s” is empty."), upload)
    if upload.size > MAX_BYTES:
        raise _refusal(_("“%(name)s” is larger than 10 MB. Choose a smaller one."), upload)
    content = upload.read()
    return _document(content, upload) if content.startswith(documents.STARTS) else _photo(content, upload)


def _photo(content: bytes, upload: Upload) -> Checked:
    try:
        photo = photos.encoded(content)
    except photos.TooManyPixels as error:
        raise _refusal(_("“%(name)s” has more than 40 megapixels. Send it in a smaller size."), upload) from error
    except photos.NotAPhoto as error:
        raise _refusal(_why_unread(content, upload), upload) from error
    attachment = _described(photo.content, Attachment.MediaType.PHOTO, width=photo.width, height=photo.height)
    smaller = {attachment.thumbnail_stored_as(width): each for width, each in photo.thumbnails.items()}
    return Checked(attachment, {attachment.stored_as: photo.content, **smaller})


def _why_unread(content: bytes, upload: Upload) -> str:
    """What to say of what is neither a photo nor a PDF: how to make one of it, where that is known."""
    if foreign.is_office(content, upload.name or ""):
        return _("“%(name)s” is a document of Word or of a similar program. Save it there as PDF, and choose that.")
    if foreign.is_heic(content, upload.name or ""):
        return _("“%(name)s” is a HEIC photo, which many phones cannot show. Save it as JPEG, and choose that.")
    return _("“%(name)s” is not a photo (JPEG, PNG, WebP) or PDF that we can read. It may be damaged.")


def _document(content: bytes, upload: Upload) -> Checked:
    try:
        documents.check(content)
    except documents.NotADocument as error:
        raise _refusal(_("“%(name)s” is a PDF that is cut short or damaged. Save it anew."), upload) from error
    except documents.ActiveDocument as error:
        raise _refusal(
            _(
                "“%(name)s” is a PDF that is locked, or holds programs, forms or other files. "
                "Print it to a new PDF and send that."
            ),
            upload,
        ) from error
    attachment = _described(content, Attachment.MediaType.PDF)
    return Checked(attachment, {attachment.stored_as: content})


def _described(content: bytes, media_type: Attachment.MediaType, **size: int) -> Attachment:
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(media_type=media_type, sha256=digest, size=len(content), **size)


def _refusal(sentence: str, upload: Upload) -> ValidationError:
    return ValidationError(sentence % {"name": shown_name(upload.name or "")})


def shown_name(name: str) -> str:
    """The sender's name of a file as a sentence may show it: short, and without what turns or hides words."""
    visible = "".join(each for each in name if not unicodedata.category(each).startswith("C")).strip()
    if len(visible) > NAME_SHOWN:
        visible = visible[: NAME_SHOWN // 2] + "…" + visible[-NAME_SHOWN // 2 :]
    return f"\u2068{visible or _('a file without a name')}\u2069"  # isolated: Latin names stand in Arabic sentences


def unused_of(by: User) -> QuerySet[Attachment]:
    """What this person uploaded, and neither an entry names nor a draft holds."""
    return Attachment.objects.filter(uploaded_by=by, is_used=False, organisation=None)


def use(attachments: Sequence[Attachment], *, by: User) -> list[dict[str, Any]]:
    """Mark files as named by an entry, and return what the entry says of each; within the transaction of its writer.

    Raises ValidationError unless each is unused and was uploaded by the same person.
    """
    return _used(attachments, unused_of(by))


def use_held(attachments: Sequence[Attachment], *, organisation_id: int) -> list[dict[str, Any]]:
    """The same for files that a draft of this organisation holds, whoever of it uploaded them."""
    return _used(attachments, Attachment.objects.filter(organisation=organisation_id))


def _used(attachments: Sequence[Attachment], usable: QuerySet[Attachment]) -> list[dict[str, Any]]:
    names = [each.name for each in attachments]
    known = {each.name: each for each in usable.select_for_update().filter(name__in=names)}
    if len(known) != len(names):
        raise ValidationError(_("A file is no longer here. Add it again."))
    Attachment.objects.filter(pk__in=[each.pk for each in known.values()]).update(is_used=True, organisation=None)
    return [in_an_entry(known[name]) for name in names]


def hold(attachment: Attachment, *, by: User, organisation_id: int) -> None:
    """Let a draft of this organisation hold a file that `by` has just added: its members see it, no night takes it.

    Raises ValidationError when it is no longer this person's to give, or when the organisation holds too many; whoever
    calls has locked that one, so that nobody counts beside them.
    """
    if Attachment.objects.filter(organisation=organisation_id).count() >= MAX_HELD:
        raise ValidationError(
            _("Too many files wait in the drafts of your association. Publish a draft, or remove files from one.")
        )
    if not unused_of(by).filter(pk=attachment.pk).update(organisation=organisation_id):
        raise ValidationError(_("A file is no longer here. Add it again."))


def release(attachments: Iterable[Attachment]) -> None:
    """Let go of files that a draft held: gone once the transaction is, or by night where the storage fails then."""
    keys = [each.pk for each in attachments]
    Attachment.objects.filter(pk__in=keys, is_used=False).update(organisation=None)
    for key in keys:
        transaction.on_commit(partial(_discard, key), robust=True)


def in_an_entry(attachment: Attachment) -> dict[str, Any]:
    """What an entry of the ledger says of a file (docs/ledger.md)."""
    return {
        "name": attachment.name,
        "sha256": attachment.sha256,
        "size": attachment.size,
        "type": attachment.media_type,
    }


def withhold(attachment: Attachment, *, reason: str, now: datetime) -> None:
    """Keep a file from the public from now on, the reason in its place; raises ValidationError when it is already."""
    is_new = Attachment.objects.filter(pk=attachment.pk, is_used=True, withheld_at=None).update(
        withheld_at=now, withheld_reason=reason
    )
    if not is_new:
        raise ValidationError(_("This file is withheld already."))


def restate(name: str, *, reason: str) -> None:
    """Give a withheld file the reason that the ledger still holds, after words of it were redacted."""
    Attachment.objects.filter(name=name, withheld_at__isnull=False).update(withheld_reason=reason)


def discard_unused(before: datetime) -> int:
    """Delete what no entry named and was uploaded before a moment, bytes and rows; how many there were.

    What a draft holds stays. Tables that wait for a word go with them.
    """
    tables, _each = WaitingTable.objects.filter(uploaded_at__lt=before).delete()
    unused = Attachment.objects.filter(is_used=False, organisation=None, uploaded_at__lt=before)
    return tables + sum(_discard(pk) for pk in list(unused.values_list("pk", flat=True)))


def _discard(pk: int) -> bool:
    """Delete one, unless an entry or a draft took it meanwhile; who takes it waits for the lock and finds it gone."""
    with transaction.atomic():
        attachment = Attachment.objects.select_for_update().filter(pk=pk, is_used=False, organisation=None).first()
        if attachment is None:
            return False
        for name in attachment.stored:
            storage().delete(name)
        attachment.delete()
    return True
