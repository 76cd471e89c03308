"""What is said of the fictional pledges: each event of a history file as a call of a domain function."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Any, NamedTuple

from accounts.models import User
from commitments import correcting, moderation, occurrences, speaking
from commitments.demo import days, people
from commitments.models import Observation, Pledge
from commitments.schedules import Occurrence
from ledger.models import Entry
from meetings.models import Meeting

Verdict = Pledge.Assessment

# The letters of a pattern of occurrences: "+" is carried out, as are those that an association then checks.
NO_NEWS, NOT_CARRIED_OUT = ".", "-"
LATE, DAYS_LATE = "l", 3  # carried out, and reported some days later
EXTRA = "e"  # no news of the occurrence, but one on the day after, when none was expected
CHECKS = {"c": Verdict.CONFIRMED, "d": Verdict.DISPUTED, "?": Verdict.COULD_NOT_TELL}
FOUND = {
    "c": "حضر عضو من الجمعية وعاين ذلك.",
    "d": "كنّا في المكان طول المدّة ولم نر شيئا.",
    "?": "وصلنا متأخّرين ولم نستطع التحقّق.",
}
# The hour at which each thing is said; of one day, what answers comes after what it answers.
HOURS = {
    "wording": 10,
    "status": 11,
    "happened": 16,
    "assess": 19,
    "correct": 20,
    "withdraw": 20,
    "redact": 21,
    "observe": 21,
}
WORKING = {"wording", "status", "happened", "correct", "withdraw", "redact"}


class Event(NamedTuple):
    """Something that is said at a moment."""

    at: datetime
    say: Callable[[datetime], object]


@dataclass(frozen=True)
class Telling:
    """The events of one meeting, given as in the files of `history`; `record` is the parsed record."""

    record: Mapping[str, Any]
    anchor: date
    published_at: datetime
    voices: Mapping[str, dict[str, Any]]

    def events(self, told: list[dict[str, Any]]) -> Iterator[Event]:
        """All of them; none before the record was published, none on the anchor's day or after it."""
        for index, each in enumerate(told):
            if each["say"] == "occurrences":
                yield from self._occurrences(each)
                continue
            day = days.day_of(self.anchor, each["on"], is_working=each["say"] in WORKING)
            at = days.moment(day, HOURS[each["say"]], index * 7 % 60)
            yield Event(max(at, self.published_at + timedelta(hours=1, minutes=index)), self._saying(each))

    def _saying(self, told: dict[str, Any]) -> Callable[[datetime], object]:
        say = getattr(self, f"_{told['say']}")
        return lambda now: say(told, now)

    def _pledge(self, told: Mapping[str, Any]) -> Pledge:
        return Pledge.objects.get(meeting__reference=self.record["reference"], number=told["pledge"])

    def _meeting(self) -> Meeting:
        return Meeting.objects.get(reference=self.record["reference"])

    def _status(self, told: dict[str, Any], now: datetime) -> None:
        status = Pledge.Status(told["status"])
        speaking.answer(
            self._pledge(told), status=status, text=told.get("text", ""), **self.voices[told["who"]], now=now
        )

    def _wording(self, told: dict[str, Any], now: datetime) -> None:
        wording = Pledge.Wording(told["wording"])
        text = told.get("text", "")
        speaking.reply_to_wording(self._pledge(told), wording=wording, text=text, **self.voices[told["who"]], now=now)

    def _happened(self, told: dict[str, Any], now: datetime) -> None:
        """An occurrence of a pledge whose days were never stated."""
        self._report(told, Occurrence(now.date()), told.get("text", ""), now, was_carried_out=True)

    def _assess(self, told: dict[str, Any], now: datetime) -> None:
        speaking.assess(
            self._pledge(told),
            verdict=Verdict(told["verdict"]),
            day=now.date(),
            text=told.get("text", ""),
            **self.voices[told["who"]],
            now=now,
        )

    def _correct(self, told: dict[str, Any], now: datetime) -> None:
        by = self.voices[told["who"]]["by"]
        if "pledge" in told:
            correcting.correct_pledge(
                self._pledge(told), changes=told["changes"], reason=told["reason"], by=by, now=now
            )
        else:
            correcting.correct_meeting(self._meeting(), changes=told["changes"], reason=told["reason"], by=by, now=now)

    def _withdraw(self, told: dict[str, Any], now: datetime) -> None:
        by = self.voices[told["who"]]["by"]
        if "pledge" in told:
            correcting.withdraw_pledge(self._pledge(told), reason=told["reason"], by=by, now=now)
        else:
            correcting.withdraw_meeting(self._meeting(), reason=told["reason"], by=by, now=now)

    def _redact(self, told: dict[str, Any], now: datetime) -> None:
        entry = Entry.objects.get(stream__pledge=self._pledge(told), number=told["entry"])
        by = User.objects.get(email=people.MODERATOR)
        moderation.redact(entry, fields=told["fields"], reason=told["reason"], by=by, now=now)

    def _observe(self, told: dict[str, Any], now: datetime) -> None:
        made = Observation.objects.create(
            pledge=self._pledge(told),
            day=now.date(),
            was_seen=told["seen"],
            text=told.get("text", ""),
            state=told["state"],
        )
        Observation.objects.filter(pk=made.pk).update(made_at=now)

    def _occurrences(self, told: dict[str, Any]) -> Iterator[Event]:
        """What is said of the expected occurrences of some time, by the letters of a pattern."""
        schedule = days.schedule_of(self.record["pledges"][told["pledge"] - 1])
        first, last = (days.day_of(self.anchor, told[name]) for name in ("from", "until"))
        for occurrence, letter in zip(schedule.between(first, last), cycle(told["pattern"]), strict=False):
            over = days.end_of(occurrence, schedule) + timedelta(minutes=10)
            for event in self._of_one(told, occurrence, letter, over):
                if event.at.date() < self.anchor:
                    yield event

    def _of_one(self, told: dict[str, Any], occurrence: Occurrence, letter: str, over: datetime) -> Iterator[Event]:
        if letter == NO_NEWS:
            return
        if letter == EXTRA:
            occurrence, over = Occurrence(occurrence.day + timedelta(days=1)), over + timedelta(days=1)
        if letter == LATE:
            over += timedelta(days=DAYS_LATE)
        was_carried_out = letter != NOT_CARRIED_OUT
        text = "" if was_carried_out else told["reason"]
        yield Event(over, lambda now: self._report(told, occurrence, text, now, was_carried_out=was_carried_out))
        if letter in CHECKS:
            yield Event(over + timedelta(hours=14), lambda now: self._check(told, occurrence, letter, now))

    def _report(
        self, told: Mapping[str, Any], occurrence: Occurrence, text: str, now: datetime, *, was_carried_out: bool
    ) -> None:
        occurrences.log_occurrence(
            self._pledge(told),
            occurrence=occurrence,
            was_carried_out=was_carried_out,
            text=text,
            **self.voices[told["who"]],
            now=now,
        )

    def _check(self, told: Mapping[str, Any], occurrence: Occurrence, letter: str, now: datetime) -> None:
        occurrences.check_occurrence(
            self._pledge(told),
            occurrence=occurrence,
            verdict=CHECKS[letter],
            text=FOUND[letter],
            **self.voices[told["checker"]],
            now=now,
        )
