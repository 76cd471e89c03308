"""What people are reminded of, once each: what is due, overdue or without news, and every week what waits."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rules import all_members, organisation_ids
from commitments.models import MailTurnedOff, Pledge, PledgeQuerySet
from commitments.notices import LISTED, Line, because_member, recipients, words, write
from commitments.waiting import Row, ahead, inbox, past, silence, silence_of
from commitments.watching import to_check
from ledger.models import Checkpoint
from mail import outbox
from mail.writing import Words
from meetings.models import Organisation

DUE_SOON, SILENT, SILENT_TO_PARENT = timedelta(days=7), timedelta(days=30), timedelta(days=60)
LISTED_A_WEEK = 10
WEDNESDAY = 2
Sort = MailTurnedOff.Sort


class Reminder(NamedTuple):
    """One thing that people are told of pledges.

    `found` gives the pledges of a day, the most urgent first. Each person hears of a pledge once for each value of the
    column `once_for`: a date that is corrected, or a clock that started anew, is told anew.
    """

    name: str
    sort: Sort
    found: Callable[[date], PledgeQuerySet]
    once_for: str
    subject: Callable[[int], str]
    opening: Callable[[], str]
    note: Callable[[Pledge, date], str]
    to: str = "responsible"


def _due_soon(on: date) -> PledgeQuerySet:
    return Pledge.objects.published().open().filter(due_on__range=(on, on + DUE_SOON)).order_by("due_on", "pk")


def _overdue(on: date) -> PledgeQuerySet:
    return Pledge.objects.published().overdue(on).order_by("due_on", "pk")


def _silent_for(span: timedelta) -> Callable[[date], PledgeQuerySet]:
    def found(on: date) -> PledgeQuerySet:
        return Pledge.objects.published().open().filter(clock_from__lte=on - span).order_by("clock_from", "pk")

    return found


REMINDERS = (
    Reminder(
        "due_soon",
        Sort.DUE_SOON,
        _due_soon,
        "due_on",
        lambda count: (
            ngettext("%(count)d pledge is due soon", "%(count)d pledges are due soon", count) % {"count": count}
        ),
        lambda: _("These pledges are due within seven days. Say where each stands."),
        lambda pledge, on: ahead(pledge.due_on, on),
    ),
    Reminder(
        "overdue",
        Sort.OVERDUE,
        _overdue,
        "due_on",
        lambda count: (
            ngettext("The date of %(count)d pledge has passed", "The date of %(count)d pledges has passed", count)
            % {"count": count}
        ),
        lambda: _("The date of these pledges has passed, and you have not said what became of them."),
        lambda pledge, on: past(pledge.due_on, on),
    ),
    Reminder(
        "silent",
        Sort.SILENT,
        _silent_for(SILENT),
        "clock_from",
        lambda count: (
            ngettext("%(count)d pledge without news from you", "%(count)d pledges without news from you", count)
            % {"count": count}
        ),
        lambda: _("You have said nothing of these pledges for 30 days or more. A word on where each stands is enough."),
        lambda pledge, on: silence(pledge.clock_from, on),
    ),
    Reminder(
        "silent_below",
        Sort.SILENT,
        _silent_for(SILENT_TO_PARENT),
        "clock_from",
        lambda count: (
            ngettext("%(count)d pledge without news below you", "%(count)d pledges without news below you", count)
            % {"count": count}
        ),
        lambda: _("The agencies below yours have said nothing of these pledges for 60 days or more."),
        silence_of,
        to="responsible__parent",
    ),
)


def remind(*, on: date, now: datetime) -> Counter[str]:
    """Write the letters of a day, each thing once however often this runs; how many letters of each sort.

    After days on which it did not run it makes up for them, with the number of days as it is.
    """
    written = Counter({reminder.name: _remind_of(reminder, on, now) for reminder in REMINDERS})
    written["weekly"] = _weekly(on, now)
    return written


def _remind_of(reminder: Reminder, on: date, now: datetime) -> int:
    found = reminder.found(on)
    told = found.order_by(reminder.to).values_list(reminder.to, flat=True).distinct()
    organisations = Organisation.objects.filter(pk__in=told, memberships__isnull=False).distinct().order_by("pk")
    return sum(_remind(reminder, organisation, on, now) for organisation in organisations)


def _remind(reminder: Reminder, organisation: Organisation, on: date, now: datetime) -> int:
    """The letters to the people of one organisation: to each, of those pledges of which they have not been told."""
    found = reminder.found(on).filter(**{reminder.to: organisation})
    dated = list(found.values_list("pk", reminder.once_for))
    written = 0
    for user in recipients(organisation.pk, reminder.sort):
        keys = {f"{reminder.name}/{user.pk}/{pk}/{since}": pk for pk, since in dated}
        for key in outbox.said(keys):
            del keys[key]
        compose = partial(_reminding, reminder, organisation, list(keys.values()), on)
        written += bool(keys) and write(user, keys, compose, now=now)
    return written


def _reminding(reminder: Reminder, organisation: Organisation, pks: list[int], on: date) -> Words:
    pledges = Pledge.objects.select_related("meeting", "responsible").in_bulk(pks[:LISTED])
    return words(
        subject=reminder.subject(len(pks)),
        opening=reminder.opening(),
        lines=[Line(pledges[pk], reminder.note(pledges[pk], on)) for pk in pks[:LISTED]],
        total=len(pks),
        why=because_member([organisation]),
    )


def _weekly(on: date, now: datetime) -> int:
    """What waits for each person, on Monday; a Monday on which this did not run is made up for until Wednesday."""
    if on.weekday() > WEDNESDAY:
        return 0
    year, week, _day = on.isocalendar()
    people = all_members().exclude(mail_turned_off__sort=Sort.WEEKLY).order_by("pk")
    keys = {f"weekly/{pk}/{year}-{week}": pk for pk in people.values_list("pk", flat=True)}
    told = outbox.said(keys)
    return sum(
        write(user, [key], partial(_week, user, on), now=now)
        for key, user in ((key, User.objects.get(pk=pk)) for key, pk in keys.items() if key not in told)
    )


def _week(user: User, on: date) -> Words | None:
    """What waits for this person's agencies and associations; None when nothing does."""
    lines = [Line(row.pledge, _for_mail(row)) for row in inbox(user, on)]
    lines += [Line(row.pledge, row.reason.sentence, "workspace_pledge") for row in to_check(user, on)]
    if not lines:
        return None
    count = len(lines)
    subject = ngettext("%(count)d pledge waits for you", "%(count)d pledges wait for you", count)
    return words(
        subject=subject % {"count": count},
        opening=_("This is what waits for your word this week, the most urgent first."),
        lines=lines[:LISTED_A_WEEK],
        total=count,
        why=because_member(Organisation.objects.filter(pk__in=organisation_ids(user))),
        closing=_seal(),
    )


def _for_mail(row: Row) -> str:
    """Why a pledge waits; hours that are not for the public are not for the post either."""
    if row.pledge.is_time_restricted and row.occurrences:
        return _("Promised for today.")
    return row.reason.sentence


def _seal() -> list[str]:
    """The ledger's last checkpoint: in thousands of mailboxes, nobody can call it back (DESIGN section 4)."""
    seal = Checkpoint.objects.last()
    if seal is None:
        return []
    sentence = _(
        "The ledger's last seal: %(size)d entries, %(root)s. Whoever keeps this mail can check later that none of them"
        " was changed."
    )
    return [sentence % {"size": seal.size, "root": seal.root}]
