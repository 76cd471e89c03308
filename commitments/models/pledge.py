"""A pledge: its text as the record states it, and a cache of what its history adds up to."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.schedules import Schedule, validate_pauses, validate_rule, validate_windows
from ledger.models import Stream
from meetings.models import Concern, Meeting, Named, Neighbourhood, Organisation, Participant, Translated
from meetings.search import folded_terms
from meetings.text import TEXT_LIMIT, Line, Prose


class PledgeKind(Named):
    """What sort of thing was promised; administrators extend the table."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("kind of pledge")
        verbose_name_plural = _("kinds of pledge")


class PledgeQuerySet(models.QuerySet["Pledge"]):
    """Pledges as sentences; whatever depends on the day takes it as `on`."""

    def public(self) -> "PledgeQuerySet":
        """What everyone may read: published ones, and withdrawn ones with their reason."""
        return self.exclude(state=Meeting.State.DRAFT)

    def published(self) -> "PledgeQuerySet":
        """What counts: published, and neither it nor its meeting withdrawn from the record."""
        return self.filter(state=Meeting.State.PUBLISHED)

    def for_rows(self) -> "PledgeQuerySet":
        """Each with what its row shows: two more queries, whatever their number."""
        return self.select_related("meeting", "kind", "responsible").prefetch_related("neighbourhoods")

    def open(self) -> "PledgeQuerySet":
        """Those on which the agency has not said its last word."""
        return self.exclude(status__in=Pledge.CLOSED)

    def overdue(self, on: date) -> "PledgeQuerySet":
        """By a date that has passed, and not closed."""
        return self.open().filter(timing=Pledge.Timing.BY_DATE, due_on__lt=on)

    def silent(self, on: date) -> "PledgeQuerySet":
        """Open, and the agency has said nothing for as many working days as the setting says."""
        return self.open().filter(silent_on__lte=on)

    def long_silent(self, on: date) -> "PledgeQuerySet":
        """Open, and silent for so long that the agency above it should know."""
        return self.open().filter(long_silent_on__lte=on)

    def disputed(self) -> "PledgeQuerySet":
        """An association says that it is not so."""
        return self.filter(assessment=Pledge.Assessment.DISPUTED)

    def lapsed(self, on: date) -> "PledgeQuerySet":
        """Recurring or ongoing, said to be kept, and with no sign of it for too long."""
        return self.filter(holds_until__lt=on)

    def awaiting_word(self, on: date) -> "PledgeQuerySet":
        """Silent, overdue or lapsed: whoever it was made to may ask where it stands."""
        is_late = Q(silent_on__lte=on) | Q(due_on__lt=on)
        return self.filter(~Q(status__in=Pledge.CLOSED) & is_late | Q(holds_until__lt=on))

    def answered_by(self, organisations: "models.QuerySet[Organisation]") -> "PledgeQuerySet":
        """Those for which these organisations answer."""
        return self.filter(responsible__in=organisations)

    def matching(self, query: str) -> "PledgeQuerySet":
        """Those that hold every word of the query, as search folds it."""
        found = self
        for term in folded_terms(query):
            found = found.filter(folded__contains=term)
        return found


class Pledge(Translated):
    """A commitment made at a meeting, as the record states it.

    The columns under "record" are frozen once published (`publishing` writes them), those
    under "state" cache what the pledge's entries add up to (`speaking` refolds them, see
    `state.fold`); `manage.py rebuild --check` compares both with the ledger.
    """

    class Timing(models.TextChoices):
        BY_DATE = "by_date", _("by a date")
        RECURRING = "recurring", _("recurring")
        ONGOING = "ongoing", _("ongoing")
        NOT_STATED = "not_stated", _("deadline not stated")

    class SignFrom(models.TextChoices):
        RECORD = "record", _("stated in the record")
        ASSOCIATION = "association", _("proposed by the association")
        SITE = "site", _("proposed by this site")

    class Status(models.TextChoices):
        NO_ANSWER = "no_answer", _("no answer")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        IN_PROGRESS = "in_progress", _("in progress")
        KEPT = "kept", _("kept")
        PARTLY_KEPT = "partly_kept", _("partly kept")
        NOT_KEPT = "not_kept", _("not kept")
        WITHDRAWN = "withdrawn", _("withdrawn by the agency")

    class Wording(models.TextChoices):
        NOT_ANSWERED = "not_answered", _("wording not answered")
        AGREED = "agreed", _("wording agreed")
        AGREED_WITH_REMARK = "agreed_with_remark", _("wording agreed with a remark")
        NOT_SAID = "not_said", _("not what was said")

    class Assessment(models.TextChoices):
        NOT_CHECKED = "not_checked", _("not checked")
        CONFIRMED = "confirmed", _("confirmed")
        DISPUTED = "disputed", _("disputed")
        COULD_NOT_TELL = "could_not_tell", _("could not tell")

    class Handover(models.TextChoices):
        NONE = "", _("not handed over")
        OFFERED = "offered", _("offered to another agency")
        DECLINED = "declined", _("declined by the other agency")

    class Standing(models.TextChoices):
        KEPT_CONFIRMED = "kept_confirmed", _("kept and confirmed")
        KEPT_UNCHECKED = "kept_unchecked", _("reported kept, not checked")
        KEPT_DISPUTED = "kept_disputed", _("reported kept, disputed")
        PARTLY_KEPT = "partly_kept", _("partly kept")
        IN_PROGRESS = "in_progress", _("in progress")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        NO_ANSWER = "no_answer", _("no answer")
        NOT_KEPT = "not_kept", _("not kept")
        WITHDRAWN = "withdrawn", _("withdrawn by the agency")

    CLOSED: ClassVar[tuple[Status, ...]] = (Status.KEPT, Status.PARTLY_KEPT, Status.NOT_KEPT, Status.WITHDRAWN)
    NEVER_FINISHED: ClassVar[tuple[Timing, ...]] = (Timing.RECURRING, Timing.ONGOING)

    # -- record: frozen once published
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="pledges")
    number = models.PositiveSmallIntegerField(_("number"))
    title = Line(_("what was promised"), max_length=500)
    details = Prose(_("details"), max_length=TEXT_LIMIT, blank=True)
    kind = models.ForeignKey(PledgeKind, models.PROTECT, null=True, blank=True, verbose_name=_("kind"))
    responsible = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pledges",
        verbose_name=_("agency that answers for it"),
    )
    partners = models.ManyToManyField(
        Organisation, blank=True, related_name="partner_pledges", verbose_name=_("partners")
    )
    said_by = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="pledges", verbose_name=_("said by")
    )
    neighbourhoods = models.ManyToManyField(
        Neighbourhood, blank=True, related_name="pledges", verbose_name=_("neighbourhoods")
    )
    place = Line(_("where"), max_length=300, blank=True)
    concerns = models.ManyToManyField(
        Concern, blank=True, related_name="pledges", verbose_name=_("answers the concerns")
    )
    beneficiaries = Line(_("for whom"), max_length=300, blank=True)
    provenance = Line(_("place in the source"), max_length=300, blank=True)
    sign = Prose(_("what would show it"), max_length=TEXT_LIMIT, blank=True)
    sign_from = models.CharField(_("where the sign comes from"), max_length=20, choices=SignFrom, blank=True)
    timing = models.CharField(_("when"), max_length=20, choices=Timing, default=Timing.NOT_STATED)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    due_words = Line(_("the words of the record about time"), max_length=200, blank=True)
    rule = models.CharField(_("recurrence rule"), max_length=200, blank=True, validators=[validate_rule])
    windows = models.JSONField(_("hours"), default=list, blank=True, validators=[validate_windows])
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    pauses = models.JSONField(_("pauses"), default=list, blank=True, validators=[validate_pauses])
    is_place_restricted = models.BooleanField(_("the place is not shown in public"), default=False)
    is_time_restricted = models.BooleanField(_("the hours are not shown in public"), default=False)

    # -- state: what the entries add up to
    state = models.CharField(
        _("state"), max_length=20, choices=Meeting.State, default=Meeting.State.DRAFT, editable=False
    )
    stream = models.OneToOneField(Stream, models.PROTECT, null=True, editable=False, related_name="pledge")
    last_number = models.PositiveIntegerField(default=0, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.NO_ANSWER, editable=False)
    wording = models.CharField(
        _("wording"), max_length=20, choices=Wording, default=Wording.NOT_ANSWERED, editable=False
    )
    reworded_on = models.DateField(_("words corrected on"), null=True, editable=False)
    assessment = models.CharField(
        _("assessment"), max_length=20, choices=Assessment, default=Assessment.NOT_CHECKED, editable=False
    )
    standing = models.CharField(
        _("standing"), max_length=20, choices=Standing, default=Standing.NO_ANSWER, editable=False
    )
    handover = models.CharField(
        _("handover"), max_length=20, choices=Handover, blank=True, default=Handover.NONE, editable=False
    )
    offered_to = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="offered_pledges",
        verbose_name=_("offered to"),
    )
    promised_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="passed_pledges",
        verbose_name=_("promised by, where another answers for it now"),
    )
    made_on = models.DateField(_("made on"), null=True, editable=False)
    heard_on = models.DateField(_("last heard from the agency"), null=True, editable=False)
    clock_from = models.DateField(_("clock started"), null=True, editable=False)
    silent_on = models.DateField(_("silent from"), null=True, editable=False)
    long_silent_on = models.DateField(_("long silent from"), null=True, editable=False)
    holds_until = models.DateField(_("holds until"), null=True, editable=False)
    is_vague = models.BooleanField(_("too vague to measure"), default=False, editable=False)
    folded = models.TextField(editable=False, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        indexes = [
            models.Index(fields=["-made_on", "-id"], name="pledge_newest_first"),
            models.Index(fields=["state", "standing"], name="pledge_by_standing"),
            models.Index(
                fields=["due_on"], name="pledge_open_by_date", condition=Q(timing="by_date") & Q(state="published")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="pledge_number_unique"),
            models.CheckConstraint(
                condition=Q(state="draft", stream__isnull=True) | ~Q(state="draft") & Q(stream__isnull=False),
                name="pledge_stream_iff_published",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(kind__isnull=False, responsible__isnull=False, made_on__isnull=False),
                name="pledge_published_whole",
                violation_error_message=_("A published pledge says what was promised, of what kind and by whom."),
            ),
            models.CheckConstraint(
                condition=Q(timing="by_date", due_on__isnull=False)
                | Q(timing="by_date", state="draft")
                | ~Q(timing="by_date") & Q(due_on__isnull=True),
                name="pledge_due_on_iff_by_date",
                violation_error_message=_("A pledge by a date needs its date, and no other pledge has one."),
            ),
            models.CheckConstraint(
                condition=Q(rule="") | Q(timing="recurring"),
                name="pledge_rule_only_if_recurring",
                violation_error_message=_("Only a recurring pledge has days and hours."),
            ),
            models.CheckConstraint(condition=Q(handover__in=["", "offered", "declined"]), name="pledge_handover_known"),
            models.CheckConstraint(
                condition=Q(handover="offered", offered_to__isnull=False)
                | ~Q(handover="offered") & Q(offered_to__isnull=True),
                name="pledge_offered_to_iff_offered",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="pledge_ends_after_start",
                violation_error_message=_("The pledge ends before it starts. Correct one of the two dates."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(due_on__isnull=True) | Q(due_on__gte=F("made_on")),
                name="pledge_not_due_before_made",
                violation_error_message=_("This due date is before the meeting."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def recorded_language(self) -> str:
        """The language of the record."""
        return self.meeting.language

    @property
    def language(self) -> str:
        """The language of the record."""
        return self.meeting.language

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("pledge", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        """Whether the agency has said its last word for now."""
        return self.status in self.CLOSED

    @property
    def status_in_words(self) -> str:
        """The agency's word; of one that only spoke of the wording or of single days, "no answer" would be untrue."""
        if self.status == self.Status.NO_ANSWER and self.heard_on is not None:
            return gettext("has not yet said where it stands")
        return self.get_status_display()

    @property
    def is_withdrawn(self) -> bool:
        """Whether the record of it was withdrawn (not the promise itself)."""
        return self.state == Meeting.State.WITHDRAWN

    @property
    def is_never_finished(self) -> bool:
        """Whether one word cannot finish it: recurring and ongoing pledges hold or lapse."""
        return self.timing in self.NEVER_FINISHED

    def is_overdue(self, on: date) -> bool:
        """As `PledgeQuerySet.overdue`, for one."""
        return not self.is_closed and self.due_on is not None and self.due_on < on

    def is_silent(self, on: date) -> bool:
        """As `PledgeQuerySet.silent`, for one."""
        return not self.is_closed and self.silent_on is not None and self.silent_on <= on

    def is_long_silent(self, on: date) -> bool:
        """As `PledgeQuerySet.long_silent`, for one."""
        return not self.is_closed and self.long_silent_on is not None and self.long_silent_on <= on

    def has_lapsed(self, on: date) -> bool:
        """As `PledgeQuerySet.lapsed`, for one."""
        return self.holds_until is not None and self.holds_until < on

    def awaits_word(self, on: date) -> bool:
        """As `PledgeQuerySet.awaiting_word`, for one."""
        return self.is_silent(on) or self.is_overdue(on) or self.has_lapsed(on)

    @property
    def schedule(self) -> Schedule:
        """The days and hours promised; empty when none were stated."""
        return Schedule(
            rule=self.rule,
            starts_on=self.starts_on or self.made_on or self.meeting.held_on,
            ends_on=self.ends_on,
            windows=tuple((start, end) for start, end in self.windows),
            pauses=tuple((date.fromisoformat(start), date.fromisoformat(end)) for start, end in self.pauses),
        )

    def answers(self) -> dict[str, Any]:
        """What the record says of each question that makes a pledge measurable; nothing where it leaves one open."""
        return {
            "agency": self.responsible_id,
            "speaker": self.said_by_id,
            "what": self.title,
            "where": self.place,
            "when": self.timing != self.Timing.NOT_STATED,
            "sign": self.sign,
        }

    def missing(self) -> list[str]:
        """Which of agency, speaker, what, where, when and sign the record leaves open, in that order."""
        return [question for question, answer in self.answers().items() if not answer]
