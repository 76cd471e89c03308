"""The files of a meeting: its minutes as PDF, photos of it (decision 0020)."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from attachments.models import Attachment
from meetings.models.meeting import Meeting
from meetings.text import Line


class MeetingFiles(models.Manager["MeetingFile"]):
    """Nobody asks for a file of a meeting without what is known of its bytes."""

    def get_queryset(self) -> "models.QuerySet[MeetingFile]":
        """With the attachment, in the same query."""
        return super().get_queryset().select_related("attachment")

    def stamp(self) -> str:
        """Which files there are, and their captions, in short; "" for none. Another one tells that they changed."""
        said = [f"{each.attachment.name} {each.caption}" for each in self.all()]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16] if said else ""


class MeetingFile(models.Model):
    """One file of a meeting, and what its author says that it shows.

    Of a draft it is added, named and removed by whoever writes the draft; published, it stays (`withheld` is the
    moderators' word), and only its caption may be corrected.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField(_("number"))
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="meeting_file", verbose_name=_("file"))
    caption = Line(_("caption"), max_length=200, blank=True)

    objects = MeetingFiles()

    class Meta:
        ordering = ["number"]
        verbose_name = _("file of a meeting")
        verbose_name_plural = _("files of a meeting")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="meeting_file_number_unique"),
        ]

    def __str__(self) -> str:
        return self.caption or self.words

    @property
    def words(self) -> str:
        """What sort of file it is, and which: "Photo 2"; a photo that nobody described is not described."""
        sentence = _("Photo %(number)s") if self.attachment.is_photo else _("PDF %(number)s")
        return sentence % {"number": self.number}
