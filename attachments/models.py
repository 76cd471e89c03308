"""The files that people add as evidence: what is known of each; the bytes lie in the storage `attachments`."""

import secrets
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from attachments.photos import WIDTHS


def random_name() -> str:
    """A name that nobody guesses: 160 random bits, in letters and digits alone."""
    return secrets.token_hex(20)


class Thumbnail(NamedTuple):
    """A smaller WebP of a photo: where it is, and its width in pixels."""

    url: str
    width: int


class Attachment(models.Model):
    """A photo, re-encoded, or a PDF, as it came.

    Private to who uploaded it, or to the organisation whose draft holds it, until an entry of the ledger names it
    (`is_used`); public from then on, unless a moderator withholds it. Only `keeping` writes these rows.
    """

    class MediaType(models.TextChoices):
        PHOTO = "image/jpeg", _("photo")
        PDF = "application/pdf", _("PDF")

    name = models.CharField(_("name"), max_length=40, unique=True, default=random_name)
    media_type = models.CharField(_("type"), max_length=20, choices=MediaType)
    sha256 = models.CharField(_("SHA-256 of the stored bytes"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(_("width in pixels"), null=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by (never public)")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    organisation = models.ForeignKey(
        "meetings.Organisation",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("held by a draft of"),
    )
    is_used = models.BooleanField(_("named by an entry"), default=False)
    withheld_at = models.DateTimeField(_("withheld at"), null=True)
    withheld_reason = models.TextField(_("reason for withholding"), blank=True)

    class Meta:
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    media_type="image/jpeg", width__isnull=False, width__gte=1, height__isnull=False, height__gte=1
                )
                | Q(media_type="application/pdf", width=None, height=None),
                name="attachment_photos_alone_have_width_and_height",
            ),
            models.CheckConstraint(
                condition=Q(withheld_at__isnull=False) | Q(withheld_reason=""), name="attachment_reason_when_withheld"
            ),
            models.CheckConstraint(
                condition=Q(is_used=True) | Q(withheld_at=None), name="attachment_withheld_once_used"
            ),
            models.CheckConstraint(
                condition=Q(is_used=False) | Q(organisation=None), name="attachment_held_by_a_draft_until_used"
            ),
        ]
        indexes = [models.Index(fields=["uploaded_at"], condition=Q(is_used=False), name="attachment_unused")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where its bytes are served."""
        return reverse("file", args=[self.name])

    @property
    def is_photo(self) -> bool:
        """A photo, which has thumbnails."""
        return self.media_type == self.MediaType.PHOTO

    @property
    def is_withheld(self) -> bool:
        """Kept from the public by a moderator."""
        return self.withheld_at is not None

    @property
    def widths(self) -> list[int]:
        """The widths of its thumbnails, the smallest first: none is wider than the photo."""
        return sorted({min(each, self.width) for each in WIDTHS}) if self.width else []

    @property
    def thumbnails(self) -> list[Thumbnail]:
        """Its thumbnails, the smallest first."""
        return [Thumbnail(reverse("thumbnail", args=[self.name, each]), each) for each in self.widths]

    @property
    def stored_as(self) -> str:
        """The name of its bytes in the storage."""
        return f"{self.name}.jpg" if self.is_photo else f"{self.name}.pdf"

    def thumbnail_stored_as(self, width: int) -> str:
        """The name of a thumbnail in the storage."""
        return f"{self.name}-{width}.webp"

    @property
    def stored(self) -> list[str]:
        """The names of all that the storage holds of it."""
        return [self.stored_as, *map(self.thumbnail_stored_as, self.widths)]


class WaitingTable(models.Model):
    """A table of meetings between its preview and the word of who uploaded it; nobody else sees it (decision 0016).

    Its bytes go when its drafts are made; the row, which tells a second press of the button, goes within a day.
    """

    name = models.CharField(_("name"), max_length=200)
    content = models.BinaryField(_("content"))
    organisation = models.ForeignKey(
        "meetings.Organisation", models.CASCADE, related_name="+", verbose_name=_("organisation")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("uploaded by (never public)")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    is_made = models.BooleanField(_("made into drafts"), default=False)

    class Meta:
        verbose_name = _("table that waits")
        verbose_name_plural = _("tables that wait")

    def __str__(self) -> str:
        return self.name
