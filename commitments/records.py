"""Records in files: read, held to the rules that hold for typed ones, and published (seeds/SCHEMA.md)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from commitments.models import Pledge, PledgeKind
from commitments.publishing import problems, publish
from commitments.record import pledge_fields
from commitments.record_schema import SECTIONS, BadRecord, parsed, read_file
from ledger.canonical import normalise
from ledger.models import Entry, Stream
from meetings.models import (
    Concern,
    Meeting,
    MeetingSeries,
    Neighbourhood,
    Organisation,
    Participant,
    Source,
    Territory,
)
from meetings.record import meeting_fields

Part = TypeVar("Part", Participant, Concern, Source, Pledge)


def load(paths: Sequence[Path], *, now: datetime) -> list[str]:
    """Publish the record in each file, all or nothing; gives a sentence on each.

    A record whose reference is published already is left as it is. Raises BadRecord with
    every error of every file; then nothing was loaded.
    """
    errors: list[str] = []
    reports: list[str] = []
    seen: dict[str, Path] = {}
    with override("en"), transaction.atomic():
        for path in paths:
            try:
                reports.append(_load_file(path, seen, now))
            except BadRecord as bad:
                errors += bad.errors
        if errors:
            raise BadRecord(errors)
    return reports


def _load_file(path: Path, seen: dict[str, Path], now: datetime) -> str:
    raw = read_file(path)
    errors: list[str] = []
    record = parsed(raw, errors)
    reference = record.get("reference", "")
    if reference in seen:
        errors.append(f"the reference “{reference}” is also that of {seen[reference]}.")
    published = Meeting.objects.filter(reference=reference).first() if reference else None
    try:
        if published:
            return f"{path}: {reference} is published already.{_what_differs(published, record, errors)}"
        meeting = draft(record, errors, now=now)
        count = len(publish(meeting, by=None, now=now))
    except BadRecord as bad:
        raise BadRecord([f"{path}: {error}" for error in bad.errors]) from bad
    seen[reference] = path
    return f"{path}: {reference} published with {count} pledges."


def draft(
    record: Mapping[str, Any],
    errors: list[str],
    *,
    now: datetime,
    by: User | None = None,
    logged_by: Organisation | None = None,
    is_fictional: bool = False,
    is_whole: bool = True,
) -> Meeting:
    """The record as a draft with all of its parts, and whatever places and organisations are new.

    `record` is as `record_schema.parsed` gives it; `is_whole` asks for what publishing asks for.
    Raises BadRecord with `errors` and every further one; then nothing was saved.
    """
    with transaction.atomic():
        return _Drafting(errors, is_fictional=is_fictional).draft(
            record, Meeting(created_by=by, logged_by=logged_by, is_fictional=is_fictional), now if is_whole else None
        )


class _Drafting:
    """One draft in the making, with every error found on the way."""

    def __init__(self, errors: list[str], *, is_fictional: bool) -> None:
        self.errors = errors
        self.is_fictional = is_fictional
        self.failed: set[str] = set()

    def draft(self, record: Mapping[str, Any], meeting: Meeting, now: datetime | None) -> Meeting:
        for number, each in enumerate(record.get("places", ()), start=1):
            self._add_place(each, f"places, {number}")
        for number, each in enumerate(record.get("organisations", ()), start=1):
            self._add_organisation(each, f"organisations, {number}")
        self._fill_meeting(meeting, record)
        if self._is_clean(meeting, ""):
            meeting.save()
            meeting.neighbourhoods.set(self._neighbourhoods(record, "neighbourhoods"))
            self._add_parts(meeting, record)
            self.errors += _unready(meeting, record, self.errors, now) if now else []
        else:
            self._add_parts(None, record)
        if self.errors:
            raise BadRecord(self.errors)
        return meeting

    def _add_place(self, values: dict[str, Any], place: str) -> None:
        if Neighbourhood.objects.filter(slug=values.get("slug")).exists():
            return
        territory = self._found(Territory.objects.filter(code=values.get("territory")), values, place, "territory")
        new = Neighbourhood(**{**values, "territory": territory}, is_fictional=self.is_fictional)
        unknown = _missing("places", values) | (set() if territory else {"territory"})
        if self._is_clean(new, place, exclude=unknown) and not unknown:
            new.save()
        else:
            self.failed.add(new.slug)

    def _add_organisation(self, values: dict[str, Any], place: str) -> None:
        if Organisation.objects.filter(slug=values.get("slug")).exists():
            return
        plain = {name: value for name, value in values.items() if name not in {"territories", "neighbourhoods"}}
        if "parent" in values:
            plain["parent"] = self._organisation(values, place, "parent")
        new = Organisation(**plain, is_fictional=self.is_fictional)
        territories = Territory.objects.filter(code__in=values.get("territories", ()))
        for code in set(values.get("territories", ())) - {each.code for each in territories}:
            self.errors.append(f"{place}: the territory “{code}” is unknown.")
        neighbourhoods = self._neighbourhoods(values, place)
        missing = _missing("organisations", values)
        if self._is_clean(new, place, exclude=missing) and not missing:
            new.save()
            new.territories.set(territories)
            new.neighbourhoods.set(neighbourhoods)
        else:
            self.failed.add(new.slug)

    def _fill_meeting(self, meeting: Meeting, record: Mapping[str, Any]) -> None:
        for name in MEETING_FIELDS & record.keys():
            setattr(meeting, name, record[name])
        meeting.host = self._organisation(record, "", "host")
        if "follows_up" in record:
            earlier = Meeting.objects.public().filter(reference=record["follows_up"], is_fictional=self.is_fictional)
            meeting.follows_up = self._found(earlier, record, "", "follows_up")
        if series := record.get("series"):
            found = MeetingSeries.objects.filter(name_ar=series["name_ar"], name_fr=series["name_fr"]).first()
            meeting.series = found or MeetingSeries(**series)
            if not found and self._is_clean(meeting.series, "series"):
                meeting.series.save()

    def _add_parts(self, meeting: Meeting | None, record: Mapping[str, Any]) -> None:
        """The participants, concerns, sources and pledges; without a meeting they are only checked."""
        participants = self._parts(meeting, record, "participants", self._participant)
        concerns = self._parts(meeting, record, "concerns", lambda values, _place: Concern(**values))
        self._parts(meeting, record, "sources", lambda values, _place: Source(**values))
        pledges = self._parts(meeting, record, "pledges", self._pledge)
        for number, values in enumerate(record.get("pledges", ()), start=1):
            place = f"pledges, {number}"
            said_by = self._numbered(participants, [values["said_by"]] if "said_by" in values else [], place, "said_by")
            answered = self._numbered(concerns, values.get("concerns", []), place, "concerns")
            partners = self._organisations(values, place, "partners")
            where = self._neighbourhoods(values, place)
            if meeting and (pledge := pledges.get(number)):
                pledge.said_by = next(iter(said_by), None)
                pledge.save()
                pledge.concerns.set(answered)
                pledge.partners.set(partners)
                pledge.neighbourhoods.set(where or meeting.neighbourhoods.all())

    def _parts(
        self,
        meeting: Meeting | None,
        record: Mapping[str, Any],
        section: str,
        made: Callable[[dict[str, Any], str], Part],
    ) -> dict[int, Part]:
        """The parts of one section that are sound, by their numbers; saved when there is a meeting to save them to."""
        sound = {}
        for number, values in enumerate(record.get(section, ()), start=1):
            part = made(values, f"{section}, {number}")
            part.number = number
            unknown: set[str] = _missing(section, values)
            unknown |= {name for name in values.keys() & REFERENCES if getattr(part, name, self) is None}
            if self._is_clean(part, f"{section}, {number}", exclude={"meeting", *unknown}) and not unknown:
                sound[number] = part
                if meeting:
                    part.meeting = meeting
                    part.save()
        return sound

    def _participant(self, values: dict[str, Any], place: str) -> Participant:
        plain = {name: value for name, value in values.items() if name != "organisation"}
        organisation = self._organisation(values, place, "organisation") if "organisation" in values else None
        return Participant(**plain, organisation=organisation)

    def _pledge(self, values: dict[str, Any], place: str) -> Pledge:
        kind = self._found(PledgeKind.objects.filter(slug=values.get("kind")), values, place, "kind")
        responsible = self._organisation(values, place, "responsible")
        plain = {name: value for name, value in values.items() if name in PLEDGE_FIELDS}
        return Pledge(**plain, kind=kind, responsible=responsible)

    def _organisation(self, values: Mapping[str, Any], place: str, name: str) -> Organisation | None:
        known = Organisation.objects.filter(slug=values.get(name), is_fictional=self.is_fictional)
        found: Organisation | None = self._found(known, values, place, name)
        return found

    def _organisations(self, values: Mapping[str, Any], place: str, name: str) -> list[Organisation]:
        found = [self._organisation({name: slug}, place, name) for slug in values.get(name, ())]
        return [each for each in found if each]

    def _neighbourhoods(self, values: Mapping[str, Any], place: str) -> list[Neighbourhood]:
        known = Neighbourhood.objects.filter(is_fictional=self.is_fictional)
        slugs = values.get("neighbourhoods", ())
        found = [
            self._found(known.filter(slug=slug), {"neighbourhood": slug}, place, "neighbourhood") for slug in slugs
        ]
        return [each for each in found if each]

    def _found(self, known: "models.QuerySet[Any]", values: Mapping[str, Any], place: str, name: str) -> Any:
        """The one that the record refers to, or an error unless it is one already: left out, or itself in error."""
        found = known.first()
        if found is None and name in values and values[name] not in self.failed:
            prefix = f"{place}: " if place else ""
            self.errors.append(f"{prefix}the {name.replace('_', ' ')} “{values[name]}” is unknown.")
        return found

    def _numbered(self, parts: Mapping[int, Part], numbers: Iterable[int], place: str, name: str) -> list[Part]:
        for number in numbers:
            if number not in parts:
                self.errors.append(f"{place}: “{name}” refers to number {number}, which is not there or has an error.")
        return [parts[number] for number in numbers if number in parts]

    def _is_clean(self, instance: models.Model, place: str, exclude: Iterable[str] = ()) -> bool:
        try:
            instance.full_clean(exclude=exclude)
        except ValidationError as error:
            prefix = f"{place}: " if place else ""
            self.errors += [f"{prefix}{sentence}" for sentence in _sentences(instance, error)]
            return False
        return True


MEETING_FIELDS = {
    *("reference", "language", "title", "held_on", "starts_at", "ends_at", "venue", "format", "summary"),
    *("people", "associations", "women", "translations"),
}
REFERENCES = {"organisation", "kind", "responsible"}
PLEDGE_FIELDS = {
    *("title", "details", "place", "beneficiaries", "provenance", "sign", "sign_from", "timing", "due_on", "due_words"),
    *("rule", "windows", "starts_on", "ends_on", "pauses", "is_place_restricted", "is_time_restricted", "translations"),
}


def _missing(section: str, values: Mapping[str, Any]) -> set[str]:
    """The keys that have to be there and are not, or are of another shape: each has been told."""
    return {name for name, key in SECTIONS[section].items() if key.is_required} - values.keys()


def _sentences(instance: models.Model, error: ValidationError) -> Iterable[str]:
    """What is wrong with an instance, field by field; a choice that is none is told which there are."""
    for name, complaints in error.error_dict.items():
        for complaint in complaints:
            choices = getattr(instance._meta.get_field(name), "flatchoices", ()) if name != NON_FIELD_ERRORS else ()
            if complaint.code == "invalid_choice" and choices:
                known = ", ".join(str(value) for value, _label in choices)
                yield f"the {name} “{getattr(instance, name)}” is none of {known}."
            else:
                yield from (
                    message if name == NON_FIELD_ERRORS else f"{name}: {message}" for message in complaint.messages
                )


def _unready(meeting: Meeting, record: Mapping[str, Any], errors: Sequence[str], now: datetime) -> list[str]:
    """What publishing asks for and the record lacks, but for what has been said already in other words."""
    found = []
    for problem in problems(meeting, now=now):
        is_given = problem.place in {"host", "neighbourhoods", "pledges"} and record.get(problem.place)
        if problem.place.startswith("pledge-"):
            found.append(problem.sentence)
        elif not is_given and not any(error.startswith(f"“{problem.place}”") for error in errors):
            found.append(f"{problem.place}: {problem.sentence}")
    return found


def _what_differs(published: Meeting, record: dict[str, Any], errors: list[str]) -> str:
    """A sentence when the file no longer says what was published; the draft made to compare them is undone."""
    with transaction.atomic():
        made = draft({**record, "reference": None}, errors, now=timezone.now())
        is_same = _says_as_published(published, made)
        transaction.set_rollback(True)
    if is_same:
        return ""
    return " The file now says something else: a published record is changed by a correction, not by loading it anew."


def _says_as_published(published: Meeting, made: Meeting) -> bool:
    pledges, as_made = list(published.pledges.all()), list(made.pledges.all())
    return (
        len(pledges) == len(as_made)
        and _as_first_said(published.stream, meeting_fields(made))
        and all(
            _as_first_said(pledge.stream, pledge_fields(each)) for pledge, each in zip(pledges, as_made, strict=True)
        )
    )


def _as_first_said(stream: Stream | None, fields: Mapping[str, Any]) -> bool:
    """Whether the first entry of a history says just this, but for names, ids and what was redacted."""
    entry = Entry.objects.get(stream=stream, number=1)
    left_out = {"names", "meeting", *entry.redacted}
    said = {name: value for name, value in entry.fields.items() if name not in left_out}
    return said == {name: normalise(value) for name, value in fields.items() if name not in left_out}
