"""What is said of the single days of a pledge that recurs or goes on: reports of the agency, checks of associations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attachments.models import Attachment
from commitments.models import Pledge
from commitments.schedules import Occurrence, has_begun
from commitments.speaking import (
    Verdict,
    agency_speaks,
    association_speaks,
    check_day,
    check_text,
    check_verdict,
    say,
    shown_by,
)
from commitments.state import CARRIED_OUT, NOT_CARRIED_OUT, PledgeState, fold
from ledger.models import Entry
from meetings.models import Organisation


@dataclass(frozen=True)
class Report:
    """What the agency says became of one occurrence; why not, where it was not carried out."""

    occurrence: Occurrence
    was_carried_out: bool
    text: str = ""

    def is_news(self, state: PledgeState) -> bool:
        """Whether it says anything that the agency has not said of this occurrence before."""
        told = state.occurrences.get(self.occurrence)
        return told is None or told.was_carried_out != self.was_carried_out or bool(self.text.strip())


def log_occurrence(
    pledge: Pledge,
    *,
    occurrence: Occurrence,
    was_carried_out: bool,
    by: User,
    organisation: Organisation,
    text: str = "",
    expected: int | None = None,
    now: datetime,
) -> Entry:
    """Append what became of one occurrence of a recurring or ongoing pledge; an unexpected day counts as extra.

    Raises as `speaking.answer`.
    """
    report = Report(occurrence, was_carried_out, text)
    with transaction.atomic():
        state = agency_speaks(pledge, by=by, organisation=organisation)
        return _log(pledge, state, report, by=by, organisation=organisation, expected=expected, now=now)


def log_week(
    pledge: Pledge,
    *,
    reports: Iterable[Report],
    by: User,
    organisation: Organisation,
    expected: int | None = None,
    now: datetime,
) -> list[Entry]:
    """Append what became of several occurrences, each an entry of its own, all of them or none.

    What the agency has said before in the same words is not said again. Raises as `log_occurrence`, and
    ValidationError when there is nothing new.
    """
    with transaction.atomic():
        state = agency_speaks(pledge, by=by, organisation=organisation)
        news = [report for report in reports if report.is_news(state)]
        if not news:
            raise ValidationError(_("Say of one occurrence at least what became of it."))
        said = []
        for report in news:
            entry = _log(pledge, state, report, by=by, organisation=organisation, expected=expected, now=now)
            state, expected = fold([entry], state), None  # the pledge is locked: nobody comes between two of them
            said.append(entry)
        return said


def _log(
    pledge: Pledge,
    state: PledgeState,
    report: Report,
    *,
    by: User,
    organisation: Organisation,
    expected: int | None,
    now: datetime,
) -> Entry:
    check_report(pledge, report, now)
    outcome = CARRIED_OUT if report.was_carried_out else NOT_CARRIED_OUT
    return say(
        pledge,
        state,
        "occurrence",
        {"outcome": outcome, "window": report.occurrence.window, "text": report.text},
        by=by,
        organisation=organisation,
        day=report.occurrence.day,
        expected=expected,
        now=now,
    )


def check_report(pledge: Pledge, report: Report, now: datetime) -> None:
    """Refuse, with a sentence for the field, what cannot be said of an occurrence.

    An unexpected day may be reported as carried out, and counts as extra; nothing can be missed on it.
    """
    occurrence = report.occurrence
    if not pledge.is_never_finished:
        raise ValidationError(_("This pledge does not recur: answer with its status instead."))
    check_day(pledge, occurrence.day, now)
    if occurrence.window and occurrence.window not in {start for start, _end in pledge.windows}:
        raise ValidationError({"window": _("These hours are not among those promised.")})
    if not has_begun(occurrence, now):
        raise ValidationError({"window": _("These hours have not begun yet.")})
    check_text("text", report.text)
    if report.was_carried_out:
        return
    if pledge.rule and occurrence not in pledge.schedule.on(occurrence.day):
        raise ValidationError({"day": _("Nothing was promised for this day, so nothing was missed.")})
    if not report.text.strip():
        raise ValidationError({"text": _("Say why it was not carried out.")})


def check_occurrence(  # noqa: PLR0913 - one keyword for each part of what is said
    pledge: Pledge,
    *,
    occurrence: Occurrence,
    verdict: Verdict,
    by: User,
    organisation: Organisation,
    text: str = "",
    evidence: Sequence[Attachment] = (),
    expected: int | None = None,
    now: datetime,
) -> Entry:
    """Append what an association found of one occurrence that the agency reported. Raises as `answer`."""
    with transaction.atomic():
        state = association_speaks(pledge, by=by, organisation=organisation)
        check_verdict(verdict, text)
        if occurrence not in state.occurrences:
            raise ValidationError(
                {"day": _("The agency has reported nothing of that day, so there is nothing to check.")}
            )
        fields = {"verdict": verdict, "window": occurrence.window, "text": text} | shown_by(evidence, by)
        return say(
            pledge, state, "assessment", fields, by=by, organisation=organisation, day=occurrence.day,
            expected=expected, now=now,
        )  # fmt: skip
