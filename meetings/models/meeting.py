"""The meeting: when, where, who was there, what was raised, and where it is written."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, ProtectedError, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ledger.models import Stream
from meetings.models.named import Named, Translated
from meetings.models.organisation import Organisation
from meetings.models.place import Neighbourhood
from meetings.text import TEXT_LIMIT, Line, Prose

AT_MOST = MaxValueValidator(1_000_000)  # people at one meeting


class MeetingSeries(Named):
    """Meetings that belong together, such as a monthly one."""

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings as sentences."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Drafts only: what was published is withdrawn, never deleted."""
        if self.public().exists():
            raise ProtectedError("A published meeting is withdrawn, never deleted.", set(self.public()))
        return super().delete()

    def public(self) -> "MeetingQuerySet":
        """What everyone may read: published ones, and withdrawn ones with their reason."""
        return self.exclude(state=Meeting.State.DRAFT)

    def published(self) -> "MeetingQuerySet":
        """What counts: published and not withdrawn."""
        return self.filter(state=Meeting.State.PUBLISHED)

    def drafts(self) -> "MeetingQuerySet":
        """What only the organisation that logs it may see."""
        return self.filter(state=Meeting.State.DRAFT)


class Meeting(Translated):
    """A community–police meeting as the organisation that logged it wrote it down.

    While a draft it is edited freely by that organisation. Once published it is frozen:
    the columns repeat what the ledger's entries add up to, and only `publishing` writes them.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn from the record")

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")
        WALK = "walk", _("walk through the neighbourhood")
        CALL = "call", _("by telephone")

    class Language(models.TextChoices):
        ARABIC = "ar", _("Arabic")
        FRENCH = "fr", _("French")
        ENGLISH = "en", _("English")

    reference = models.SlugField(_("reference"), max_length=80, unique=True, null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT, editable=False)
    stream = models.OneToOneField(Stream, models.PROTECT, null=True, editable=False, related_name="meeting")
    language = models.CharField(_("language of the record"), max_length=2, choices=Language, default=Language.ARABIC)
    title = Line(_("subject of the meeting"), max_length=300, blank=True)
    held_on = models.DateField(_("date"), null=True, blank=True)
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("until"), null=True, blank=True)
    venue = Line(_("venue"), max_length=300, blank=True)
    format = models.CharField(_("format"), max_length=20, choices=Format, default=Format.IN_PERSON)
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="hosted_meetings", verbose_name=_("host")
    )
    logged_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="logged_meetings",
        verbose_name=_("logged by"),
        help_text=_("empty when the site itself entered the record from a public source"),
    )
    neighbourhoods = models.ManyToManyField(
        Neighbourhood, blank=True, related_name="meetings", verbose_name=_("neighbourhoods concerned")
    )
    summary = Prose(_("summary"), max_length=TEXT_LIMIT, blank=True)
    people = models.PositiveIntegerField(_("people present"), null=True, blank=True, validators=[AT_MOST])
    associations = models.PositiveIntegerField(_("associations present"), null=True, blank=True, validators=[AT_MOST])
    women = models.PositiveIntegerField(_("women among them"), null=True, blank=True, validators=[AT_MOST])
    follows_up = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("follows up")
    )
    series = models.ForeignKey(
        MeetingSeries, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("series")
    )
    is_fictional = models.BooleanField(_("fictional, for trying out"), default=False, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="raised by each saving of the draft")
    begun_as = models.UUIDField(null=True, editable=False, help_text="the key of the first saving")
    saved_from = models.CharField(
        max_length=120,
        blank=True,
        editable=False,
        help_text="name and hash of the form that was stored last",
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", stream__isnull=True, published_at__isnull=True)
                | ~Q(state="draft") & Q(stream__isnull=False, published_at__isnull=False),
                name="meeting_stream_iff_published",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(held_on__isnull=False, host__isnull=False),
                name="meeting_published_whole",
                violation_error_message=_("A published meeting has a date and a host."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("The meeting ends before it starts. Correct one of the two times."),
            ),
            models.CheckConstraint(
                condition=Q(women__isnull=True) | Q(people__isnull=True) | Q(women__lte=F("people")),
                name="meeting_women_among_people",
                violation_error_message=_("There are more women than people present. Correct one of the two numbers."),
            ),
            models.CheckConstraint(
                condition=Q(follows_up__isnull=True) | ~Q(follows_up=F("id")),
                name="meeting_does_not_follow_itself",
                violation_error_message=_("A meeting does not follow up itself."),
            ),
            models.UniqueConstraint(fields=["logged_by", "begun_as"], name="meeting_begun_once"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Meeting without a subject"))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Drafts only: what was published is withdrawn, never deleted."""
        if not self.is_draft:
            raise ProtectedError("A published meeting is withdrawn, never deleted.", {self})
        return super().delete(*args, **kwargs)

    @property
    def recorded_language(self) -> str:
        """The language in which the record was written."""
        return self.language

    def get_absolute_url(self) -> str:
        """Its public page; a draft has none yet."""
        return reverse("meeting", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether only its organisation sees it."""
        return self.state == self.State.DRAFT

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken out of the count, with a reason."""
        return self.state == self.State.WITHDRAWN

    def lies_ahead(self, on: date) -> bool:
        """Whether the meeting has not been held yet."""
        return self.held_on is not None and self.held_on > on


class Participant(Translated):
    """Somebody, or some people, who took part, in a public role or for an organisation.

    A person is shown by name only when acting in a public role or having agreed (DESIGN section 2).
    """

    class Side(models.TextChoices):
        AGENCY = "agency", _("agency")
        CIVIL_SOCIETY = "civil_society", _("civil society")
        OTHER = "other", _("other")

    class Naming(models.TextChoices):
        PUBLIC_ROLE = "public_role", _("acts in a public role: shown by name")
        AGREED = "agreed", _("agreed to be named")
        UNNAMED = "unnamed", _("shown by role and organisation only")

    class Attendance(models.TextChoices):
        UNSAID = "", _("not said yet")
        PRESENT = "present", _("present")
        EXCUSED = "excused", _("excused")
        NOT_INVITED = "not_invited", _("not invited")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participants")
    number = models.PositiveSmallIntegerField(_("number"))
    name = Line(_("name"), max_length=200, blank=True)
    role = Line(_("role"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    side = models.CharField(_("side"), max_length=20, choices=Side, default=Side.CIVIL_SOCIETY)
    naming = models.CharField(_("naming"), max_length=20, choices=Naming, default=Naming.UNNAMED)
    attendance = models.CharField(
        _("attendance"), max_length=20, choices=Attendance, default=Attendance.PRESENT, blank=True
    )
    is_redacted = models.BooleanField(_("redacted"), default=False, editable=False)

    class Meta:
        ordering = ["number"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="participant_number_unique"),
            models.CheckConstraint(
                condition=~Q(name="") | ~Q(role="") | Q(organisation__isnull=False) | Q(is_redacted=True),
                name="participant_not_empty",
                violation_error_message=_("Say who took part: a name, a role or an organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.public_name or self.role or str(self.organisation or _("somebody who is not named"))

    @property
    def is_told(self) -> bool:
        """Whether the public learns anything of who this was."""
        return bool(self.public_name or self.role or self.organisation_id)

    @property
    def recorded_language(self) -> str:
        """The language of the record."""
        return self.meeting.language

    @property
    def public_name(self) -> str:
        """The name, when it may be shown."""
        return "" if self.naming == self.Naming.UNNAMED else self.name


class Concern(Translated):
    """What was raised at the meeting, and what was asked for. A request without a pledge stays visible."""

    class Theme(models.TextChoices):
        THEFT = "theft", _("theft")
        ASSAULT = "assault", _("assault")
        DRUGS = "drugs", _("drugs")
        HARASSMENT = "harassment", _("harassment")
        LIGHTING = "lighting", _("lighting and public space")
        TRAFFIC = "traffic", _("traffic and road safety")
        CAMPUS = "campus", _("campus safety")
        NOISE = "noise", _("noise and disturbance")
        PRESENCE = "presence", _("police presence")
        COMMUNICATION = "communication", _("communication with residents")
        OTHER = "other", _("other")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="concerns")
    number = models.PositiveSmallIntegerField(_("number"))
    theme = models.CharField(_("theme"), max_length=20, choices=Theme, default=Theme.OTHER)
    text = Prose(_("what was said"), max_length=TEXT_LIMIT, blank=True)
    place = Line(_("where"), max_length=300, blank=True)
    request = Prose(_("what was asked for"), max_length=TEXT_LIMIT, blank=True)
    is_redacted = models.BooleanField(_("redacted"), default=False, editable=False)

    class Meta:
        ordering = ["number"]
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="concern_number_unique"),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(request="") | Q(is_redacted=True),
                name="concern_not_empty",
                violation_error_message=_("Say what was raised or what was asked for."),
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.request

    @property
    def recorded_language(self) -> str:
        """The language of the record."""
        return self.meeting.language


class Source(models.Model):
    """Where the record is written: an article, minutes, a recording.

    `published` is as exact as it is known: a year, a month or a day ("2019", "2019-01", "2019-01-12").
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sources")
    number = models.PositiveSmallIntegerField(_("number"))
    title = Line(_("title of the source"), max_length=300)
    publisher = Line(_("publisher or author"), max_length=200, blank=True)
    published = models.CharField(
        _("date of the source"),
        max_length=10,
        blank=True,
        validators=[
            RegexValidator(
                r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
                _("Write a year, a month or a day: 2019, 2019-01 or 2019-01-12."),
            )
        ],
    )
    url = models.URLField(_("link"), max_length=500, blank=True)
    is_redacted = models.BooleanField(_("redacted"), default=False, editable=False)

    class Meta:
        ordering = ["number"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="source_number_unique"),
            models.CheckConstraint(
                condition=~Q(title="") | Q(is_redacted=True),
                name="source_has_title",
                violation_error_message=_("Name the source."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
