"""Days of the fictional history, which are counted from the day on which it is first loaded."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from commitments.schedules import Occurrence, Schedule
from commitments.workdays import is_working_day


def day_of(anchor: date, offset: int, *, is_working: bool = False) -> date:
    """The day so many days after the anchor (before it, when negative), or the last working day until then."""
    day = anchor + timedelta(days=offset)
    while is_working and not is_working_day(day):
        day -= timedelta(days=1)
    return day


def moment(day: date, hour: int, minute: int) -> datetime:
    """A time of day, where the site is."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def dated(record: Mapping[str, Any], anchor: date) -> dict[str, Any]:
    """A record whose days are offsets, with the days themselves, as files of records have them."""
    written = dict(record)
    written["held_on"] = day_of(anchor, record["held_on"], is_working=True).isoformat()
    written["pledges"] = [_dated_pledge(pledge, anchor) for pledge in record.get("pledges", ())]
    return written


def _dated_pledge(pledge: Mapping[str, Any], anchor: date) -> dict[str, Any]:
    written = dict(pledge)
    for name in {"due_on", "starts_on", "ends_on"} & pledge.keys():
        written[name] = day_of(anchor, pledge[name]).isoformat()
    if "pauses" in pledge:
        written["pauses"] = [[day_of(anchor, each).isoformat() for each in pause] for pause in pledge["pauses"]]
    return written


def schedule_of(pledge: Mapping[str, Any]) -> Schedule:
    """The days and hours that a pledge of a parsed record promises."""
    return Schedule(
        rule=pledge["rule"],
        starts_on=pledge["starts_on"],
        ends_on=pledge.get("ends_on"),
        windows=tuple((start, end) for start, end in pledge.get("windows", ())),
        pauses=tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in pledge.get("pauses", ())),
    )


def end_of(occurrence: Occurrence, schedule: Schedule) -> datetime:
    """When an occurrence is over: at the end of its window, or in the evening."""
    end = dict(schedule.windows).get(occurrence.window, "18:00")
    return moment(occurrence.day, int(end[:2]), int(end[3:]))
