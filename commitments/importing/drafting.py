"""The rows of a table as drafts, one meeting after the other, each fault at its cell; nothing is stored here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commitments.importing import values
from commitments.importing.bounds import MAX_READ
from commitments.importing.headings import (
    BY_NAME,
    CONCERN,
    MEETING,
    PARTICIPANT,
    PARTS,
    PLEDGE,
    SOURCE,
    section_of,
)
from commitments.importing.names import NEIGHBOURHOOD, ORGANISATION, Register
from commitments.importing.reading import Cell, Row, Table, letter_of
from commitments.models import Pledge
from mail.writing import isolated
from meetings.models import Concern, Meeting, Organisation, Participant, Source
from meetings.search import fold_text

MOST_OF_A_PART = 60  # as the form of a draft shows
MODELS: dict[str, type[Any]] = {PARTICIPANT: Participant, CONCERN: Concern, PLEDGE: Pledge, SOURCE: Source}
CARRIED = ("held_on", "title", "venue", "host", "neighbourhoods", "format", "language", "series")
# What is tied to a part once it is stored, or once the whole meeting was read.
TIED = {"neighbourhoods", "partners", "concerns", "said_by"}


class Fault(NamedTuple):
    """What is wrong: in which row, in which column (letter and heading, or neither), and the sentence.

    `unknown` is the name that the register does not have, of what `may_add` says can be added to it.
    """

    row: int
    letter: str
    heading: str
    sentence: str
    may_add: str = ""
    unknown: str = ""


@dataclass
class Part:
    """A participant, concern, pledge or source that is not stored yet, with what will be tied to it."""

    made: Any
    row: Row
    tied: dict[str, Any] = field(default_factory=dict)
    is_kind_suggested: bool = False


@dataclass
class Draft:
    """A meeting that is not stored yet, with its parts."""

    meeting: Meeting
    row: Row
    cells: dict[str, Cell] = field(default_factory=dict)
    neighbourhoods: list[Any] = field(default_factory=list)
    parts: dict[str, list[Part]] = field(default_factory=lambda: {part: [] for part in PARTS})


class Drafting:
    """Makes drafts of the rows of a table. `fault` is told each fault as it is found."""

    def __init__(
        self, table: Table, *, register: Register, organisation: Organisation, fault: Callable[[Fault], None]
    ) -> None:
        self.table, self.register, self.organisation, self.fault = table, register, organisation, fault
        self.readers = _readers(register)
        # An empty cell of a column "kind" says that there is none yet; without the column nobody was asked.
        self.suggests_kinds = "pledge.kind" not in table.headings

    def drafts(self) -> Iterator[Draft]:
        """One after the other, each whole; raises Unreadable where the file breaks off."""
        draft: Draft | None = None
        for row in self.table.rows:
            section = self._section(row)
            if draft is None or self._begins(row, section, draft):
                if draft is not None:
                    yield self._finished(draft)
                draft = self._begin(row, section, draft)
            else:
                self._fill_in(draft, row)
            self._add_parts(draft, row, section)
        if draft is not None:
            yield self._finished(draft)

    def _say(self, row: Row, name: str, sentence: str, **more: str) -> None:
        cell = row.cells.get(name)
        places = {column.name: place for place, column in self.table.columns.items()}
        letter = cell.letter if cell else letter_of(places[name]) if name in places else ""
        self.fault(Fault(row.number, letter, self.table.headings.get(name, ""), sentence, **more))

    def _say_error(self, row: Row, name: str, error: ValidationError) -> None:
        """What a cell was refused for, and whether what it names can be added."""
        [first, *_others] = error.error_list
        named: dict[str, Any] = first.params or {}
        more = {"may_add": str(first.code), "unknown": named["typed"]} if first.code in MAY_ADD else {}
        self._say(row, name, " ".join(error.messages), **more)

    def _section(self, row: Row) -> str:
        cell = row.cells.get("row.section")
        if cell is None:
            return ""
        section = section_of(values.text(cell.value))
        if not section:
            self._say(row, "row.section", _("Write here: meeting, participant, concern, pledge or source; or nothing."))
        return section

    def _begins(self, row: Row, section: str, draft: Draft) -> bool:
        """Whether another meeting begins: its own row says so, or another date or subject."""
        if section == MEETING:
            return True
        marks = [name for name in ("meeting.held_on", "meeting.title") if name in row.cells]
        return any(not _is_same(row.cells[name], draft.cells.get(name)) for name in marks)

    def _begin(self, row: Row, section: str, before: Draft | None) -> Draft:
        cells = {name: cell for name, cell in row.cells.items() if name.startswith("meeting.")}
        if section != MEETING and before is not None:
            above = (f"meeting.{each}" for each in CARRIED)
            cells = {name: before.cells[name] for name in above if name in before.cells} | cells
        elif section != MEETING and not {"meeting.held_on", "meeting.title"} & set(cells):
            self._say(row, "meeting.held_on", _("This row belongs to no meeting yet: give its date or its subject."))
        meeting = Meeting(
            logged_by=self.organisation, is_fictional=self.organisation.is_fictional, language=self.table.language
        )
        draft = Draft(meeting, row)
        self._take(draft, row, cells)
        if section == MEETING and "row.translations" in row.cells:
            self._set(meeting, row, "row.translations", row.cells["row.translations"])
        return draft

    def _fill_in(self, draft: Draft, row: Row) -> None:
        """What a later row says of the same meeting: the same, or something more."""
        more = {}
        for name, cell in row.cells.items():
            if name.startswith("meeting."):
                if name not in draft.cells:
                    more[name] = cell
                elif not _is_same(cell, draft.cells[name]):
                    sentence = _(
                        "A row above says otherwise of the same meeting. Leave this cell empty, or correct one."
                    )
                    self._say(row, name, sentence)
        self._take(draft, row, more)

    def _take(self, draft: Draft, row: Row, cells: dict[str, Cell]) -> None:
        draft.cells |= cells
        for name, cell in cells.items():
            tied = self._set(draft.meeting, row if name in row.cells else draft.row, name, cell)
            if tied is not None:
                draft.neighbourhoods = tied

    def _set(self, made: Any, row: Row, name: str, cell: Cell) -> Any:
        """Put a cell's value where it belongs; what is tied later comes back."""
        field_name = BY_NAME[name].field
        try:
            if cell.refusal:
                raise ValidationError(cell.refusal)
            value = self.readers.get(name, values.text)(cell.value)
            if field_name in TIED:
                return value
            if not made._meta.get_field(field_name).is_relation:
                made._meta.get_field(field_name).clean(value, made)
        except ValidationError as error:
            self._say_error(row, name, error)
            return None
        setattr(made, field_name, value)
        return None

    def _add_parts(self, draft: Draft, row: Row, section: str) -> None:
        """The parts that a row holds: all that are filled in, or the one that its section names."""
        filled = dict.fromkeys(BY_NAME[name].part for name in row.cells if BY_NAME[name].part in PARTS)
        if (section == MEETING and filled) or (section in PARTS and set(filled) - {section}):
            for name in row.cells:
                if BY_NAME[name].part in PARTS and BY_NAME[name].part != section:
                    self._say(row, name, _("This column does not belong to the section that the row names."))
            return
        for part in filled or ([section] if section in PARTS else []):
            made = Part(MODELS[part](meeting=draft.meeting, number=len(draft.parts[part]) + 1), row)
            self._fill(made, row, part)
            if section and "row.translations" in row.cells:
                self._set(made.made, row, "row.translations", row.cells["row.translations"])
            draft.parts[part].append(made)
            if len(draft.parts[part]) == MOST_OF_A_PART + 1:
                self._say(row, f"{part}.{MAIN[part]}", _("A meeting has at most 60 rows of one sort. Split it in two."))

    def _fill(self, part: Part, row: Row, kind: str) -> None:
        said = [name for name in row.cells if BY_NAME[name].part == kind]
        for name in said:
            tied = self._set(part.made, row, name, row.cells[name])
            if tied is not None:
                part.tied[BY_NAME[name].field] = tied
        if kind == PLEDGE:
            self._settle_timing(part.made, row)
            self._check_pledge(part.made, row)
            self._suggest_kind(part)
        main = f"{kind}.{MAIN[kind]}"
        if not any(f"{kind}.{each}" in row.cells for each in ENOUGH[kind]):
            heading = self.table.headings.get(main) or BY_NAME[main].heading(self.table.language)
            self._say(row, main, _lacking(kind) % {"heading": isolated(heading)})

    def _suggest_kind(self, part: Part) -> None:
        """The kind that a pledge's words speak for, where the table has no column for it."""
        pledge = part.made
        words = f"{pledge.title} {pledge.details}"[:MAX_READ]
        if self.suggests_kinds and (found := self.register.kind_words.of(words)):
            pledge.kind = self.register.kinds.slugs.get(found.value)
            part.is_kind_suggested = pledge.kind is not None

    def _settle_timing(self, pledge: Pledge, row: Row) -> None:
        """A date or days without a word of timing choose it, as the form of a draft does."""
        if "pledge.timing" not in row.cells and pledge.due_on:
            pledge.timing = Pledge.Timing.BY_DATE
        elif "pledge.timing" not in row.cells and pledge.rule:
            pledge.timing = Pledge.Timing.RECURRING

    def _check_pledge(self, pledge: Pledge, row: Row) -> None:
        if pledge.due_on and pledge.timing != Pledge.Timing.BY_DATE:
            sentence = _("Only a pledge “by a date” has a due date. Choose that, or take the date away.")
            self._say(row, "pledge.due_on", sentence)
        if pledge.rule and pledge.timing != Pledge.Timing.RECURRING:
            sentence = _("Only a recurring pledge has days. Choose that, or take the days away.")
            self._say(row, "pledge.rule", sentence)
        if pledge.starts_on and pledge.ends_on and pledge.starts_on > pledge.ends_on:
            sentence = _("The pledge ends before it starts. Correct one of the two dates.")
            self._say(row, "pledge.ends_on", sentence)

    def _finished(self, draft: Draft) -> Draft:
        """What can be told only once the whole meeting was read."""
        meeting = draft.meeting
        if meeting.starts_at and meeting.ends_at and meeting.starts_at >= meeting.ends_at:
            sentence = _("The meeting ends before it starts. Correct one of the two times.")
            self._say(draft.row, "meeting.ends_at", sentence)
        if meeting.women is not None and meeting.people is not None and meeting.women > meeting.people:
            sentence = _("There are more women than people present. Correct one of the two numbers.")
            self._say(draft.row, "meeting.women", sentence)
        self._check_translations(meeting, draft.row)
        for part, made in draft.parts.items():
            for each in made:
                if part != SOURCE:
                    self._check_translations(each.made, each.row)
        spoken_of = _by_name_and_number(draft.parts[PARTICIPANT])
        for pledge in draft.parts[PLEDGE]:
            self._tie(pledge, draft, spoken_of)
        return draft

    def _check_translations(self, made: Any, row: Row) -> None:
        if made.translations:
            try:
                made.clean()
            except ValidationError as error:
                self._say(row, "row.translations", " ".join(error.messages))

    def _tie(self, pledge: Part, draft: Draft, participants: dict[str, Part]) -> None:
        """Find the concerns and the participant that a pledge names in the same meeting."""
        for number in pledge.tied.get("concerns", ()):
            if not 1 <= number <= len(draft.parts[CONCERN]):
                sentence = _("There is no concern number %(number)s.") % {"number": number}
                self._say(pledge.row, "pledge.concerns", sentence)
        if "said_by" in pledge.tied:
            pledge.tied["said_by"] = participants.get(fold_text(pledge.tied["said_by"]))
            if pledge.tied["said_by"] is None:
                sentence = _("No participant of this meeting has this name or number. Add a row for them.")
                self._say(pledge.row, "pledge.said_by", sentence)


MAIN = {PARTICIPANT: "name", CONCERN: "text", PLEDGE: "title", SOURCE: "title"}
ENOUGH = {
    PARTICIPANT: ("name", "role", "organisation"),
    CONCERN: ("text", "request"),
    PLEDGE: ("title",),
    SOURCE: ("title",),
}


MAY_ADD = {ORGANISATION, NEIGHBOURHOOD}


def _lacking(kind: str) -> str:
    """What to do with a row that says more of a part, but not what it is."""
    return {
        PARTICIPANT: _(
            "This row says something of a participant, but not who: write the name in the column “%(heading)s”, or a "
            "role or an organisation, or empty the other cells about them."
        ),
        CONCERN: _(
            "This row says something of a concern, but not which: write it in the column “%(heading)s”, or empty the "
            "other cells about it."
        ),
        PLEDGE: _(
            "This row says something of a pledge, but not which: write it in the column “%(heading)s”, or empty the "
            "other cells about it."
        ),
        SOURCE: _(
            "This row says something of a source, but not which: write it in the column “%(heading)s”, or empty the "
            "other cells about it."
        ),
    }[kind]


def _by_name_and_number(participants: list[Part]) -> dict[str, Part]:
    """Each participant by folded name and by number; of two with one name the first."""
    found: dict[str, Part] = {}
    for each in participants:
        found.setdefault(fold_text(each.made.name), each)
        found.setdefault(str(each.made.number), each)
    return found


def _is_same(cell: Cell, other: Cell | None) -> bool:
    return other is not None and fold_text(values.text(cell.value)) == fold_text(values.text(other.value))


def _readers(register: Register) -> dict[str, Callable[[Any], Any]]:
    """How the cells of a column are read, where they are not text."""

    def followed(value: Any) -> Any:
        number = values.number(value)
        if number not in register.published:
            raise ValidationError(_("Your association has published no meeting with this number."))
        return Meeting(pk=number)

    return {
        "row.translations": values.translations,
        **{f"meeting.{each}": values.clock for each in ("starts_at", "ends_at")},
        **{f"meeting.{each}": values.number for each in ("people", "associations", "women")},
        **{f"pledge.{each}": values.day for each in ("due_on", "starts_on", "ends_on")},
        **{f"pledge.{each}": values.yes for each in ("is_place_restricted", "is_time_restricted")},
        "meeting.held_on": values.day,
        "meeting.format": values.choice_of(Meeting.Format),
        "meeting.language": values.choice_of(Meeting.Language),
        "meeting.host": register.organisations.one,
        "meeting.neighbourhoods": register.neighbourhoods.several,
        "meeting.series": register.series.one,
        "meeting.follows_up": followed,
        "participant.organisation": register.organisations.one,
        "participant.side": values.choice_of(Participant.Side),
        "participant.naming": values.choice_of(Participant.Naming),
        "participant.attendance": values.choice_of(Participant.Attendance),
        "concern.theme": values.choice_of(Concern.Theme),
        "pledge.kind": register.kinds.one,
        "pledge.responsible": register.organisations.one,
        "pledge.partners": register.organisations.several,
        "pledge.neighbourhoods": register.neighbourhoods.several,
        "pledge.concerns": values.numbers,
        "pledge.timing": values.choice_of(Pledge.Timing),
        "pledge.sign_from": values.choice_of(Pledge.SignFrom),
        "pledge.rule": values.rule,
        "pledge.windows": values.windows,
        "pledge.pauses": values.pauses,
    }
