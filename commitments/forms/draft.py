"""The whole form of a draft: the meeting and its rows, saved together, also when two people write it at once."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from zlib import crc32

from django import forms
from django.db.models import prefetch_related_objects
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from commitments.forms.pasted import PASTES, Paste
from commitments.forms.pledge import Pledges, kinds
from meetings.drafts import saving
from meetings.forms import Concerns, MeetingForm, Participants, Rows, Sources
from meetings.models import Meeting
from meetings.register import Register
from meetings.text import listed

MOST_DIGITS = 9
# What the form carries along without anybody typing it.
CARRIED = {"row", "DELETE", "another_neighbourhood"}
# Stands in the template of a new row where its number comes.
NUMBER = "__number__"
# The field in which a new row begins.
BEGINS = {"participants": "name", "concerns": "text", "pledges": "title", "sources": "title"}


class Fault(NamedTuple):
    """What keeps the form from being saved: which field, what about it, and where it is on the page."""

    label: str
    sentence: str
    anchor: str


class Difference(NamedTuple):
    """What somebody else changed meanwhile: which field, what it says now, and whether the form took it over."""

    label: str
    now: str
    is_taken_over: bool


class Spelled(NamedTuple):
    """One field of one stored row: its label, its value in words, and how a browser would send it."""

    label: str
    words: str
    name: str
    sent: list[str]

    @property
    def mark(self) -> str:
        """By which an unchanged value is recognised."""
        return f"{crc32(json.dumps(self.sent).encode()):x}"


class DraftForms:
    """The form of a draft in its five sections. `add` names the rows among which a new empty one is offered.

    `pasted` says from which number on the rows of a section were pasted a moment ago; what was suggested for
    them is explained.
    """

    def __init__(
        self, meeting: Meeting, data: QueryDict | None = None, *, add: str = "", pasted: Mapping[str, int] | None = None
    ) -> None:
        assert meeting.logged_by is not None  # noqa: S101 - whoever may write a draft belongs to who logs it
        if meeting.pk:
            prefetch_related_objects([meeting], "participants__organisation", "neighbourhoods")
        self.data, self.stored_version = data, meeting.version if meeting.pk else 0
        register = Register(meeting.logged_by)

        def rows(kind: type[Rows], prefix: str, **more: Any) -> Any:
            return kind(data, prefix=prefix, meeting=meeting, with_new=add == prefix, register=register, **more)

        self.meeting = MeetingForm(data, instance=meeting, register=register)
        self.participants: Rows = rows(Participants, "participants")
        self.concerns: Rows = rows(Concerns, "concerns")
        self.sources: Rows = rows(Sources, "sources")
        numbers = {number for number, _form in self.concerns.kept()} if data and self.concerns.is_valid() else None
        self.pledges: Pledges = rows(Pledges, "pledges", kinds=kinds(), concerns=numbers)
        for name, rows_of_kind in self.sections.items():
            for number, form in enumerate(rows_of_kind.forms, start=1):
                form.row_id, form.row_label = row_id(name, number), _row_label(name, str(number))
                is_empty = form.instance.pk is None and not (form.is_bound and form.has_changed())
                form.is_folded = is_empty and name not in {"pledges", add}
        for name, rows_of_kind in self.sections.items():
            rows_of_kind.blank = blank = rows_of_kind.empty_form
            blank.row_id, blank.row_label = f"{name.removesuffix('s')}-{NUMBER}", _row_label(name, NUMBER)
        self.pastes: list[Paste] = [each(data, rows=self.sections[each.section], register=register) for each in PASTES]
        for paste in self.pastes:
            if first := (pasted or {}).get(paste.section):
                paste.explain(first)

    @property
    def sections(self) -> dict[str, Rows]:
        """The rows by the name of their section, in the order of the page."""
        return {
            "participants": self.participants,
            "concerns": self.concerns,
            "pledges": self.pledges,
            "sources": self.sources,
        }

    @property
    def version(self) -> int:
        """The version of the draft that was opened; 0 for a new one."""
        sent = self.data.get("version", "") if self.data is not None else str(self.stored_version)
        return version_of(sent)

    @property
    def is_behind(self) -> bool:
        """Whether somebody saved the draft after this form was opened."""
        return self.version != self.stored_version

    @property
    def opened(self) -> str:
        """A mark for each field that was filled when the form was opened, to tell later who changed what."""
        if self.data is not None:
            return str(self.data.get("opened", ""))
        return json.dumps({key: each.mark for key, each in self.spelled()})

    def is_valid(self) -> bool:
        """Whether everything typed can be kept; all of it is looked at."""
        parts: list[Any] = [self.meeting, *self.sections.values(), *self.pastes]
        return all([part.is_valid() for part in parts])  # noqa: C419 - a generator would stop at the first fault

    def save(self, *, by: User, saved_from: str = "") -> Meeting:
        """Store the draft as typed, and from which form; raises as `drafts.saving`."""
        meeting: Meeting = self.meeting.instance
        meeting.saved_from = saved_from
        with saving(meeting, by=by, expected=self.version):
            self.meeting.save()
            self.participants.save()
            self.concerns.save()
            self.sources.save()
            self.pledges.save_with(self.concerns)
            for paste in self.pastes:
                paste.save()
        return meeting

    def faults(self) -> Iterator[Fault]:
        """Everything that cannot be kept as typed, in the order of the page."""
        yield from faults_of(self.meeting, "", "meeting")
        for name, rows in self.sections.items():
            for sentence in rows.non_form_errors():
                yield Fault("", str(sentence), name)
            for form in rows.forms:
                yield from faults_of(form, form.row_label, form.row_id)
        for paste in self.pastes:
            yield from faults_of(paste, "", paste.section)

    def key_of(self, form: Any) -> str:
        """The key of the stored row that a form edits, also of one that is stored no more; nothing for a new row."""
        sent = self.data.get(f"{form.prefix}-row", "") if self.data is not None else ""
        return str(form.instance.pk or sent)

    def spelled(self) -> Iterator[tuple[str, Spelled]]:
        """Every filled field of what is stored, by a key that stays the same whoever opens the draft."""
        yield from _spelled(self.meeting, "meeting", "")
        for name, rows in self.sections.items():
            for form in rows.forms:
                if key := self.key_of(form):
                    yield from _spelled(form, f"{name}-{key}", form.row_label)


def row_id(section: str, number: int) -> str:
    """Where a row stands on the page: "pledge-2", as `publishing.Problem` calls it."""
    return f"{section.removesuffix('s')}-{number}"


def faults_of(form: Any, row: str, place: str) -> Iterator[Fault]:
    """What cannot be kept of one form, each with its field; `row` names the form, `place` is where it stands."""
    for name, sentences in form.errors.items():
        for sentence in sentences:
            if name in form.fields:
                field = form[name]
                anchor = f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
                yield Fault(_labelled(row, field), sentence, anchor)
            else:
                yield Fault(row, sentence, place)


def _labelled(row: str, field: forms.BoundField) -> str:
    return f"{row} · {field.label}" if row else str(field.label)


def _row_label(section: str, number: str) -> str:
    return {
        "participants": _("Participant %(number)s"),
        "concerns": _("Concern %(number)s"),
        "pledges": _("Pledge %(number)s"),
        "sources": _("Source %(number)s"),
    }[section] % {"number": number}


def _spelled(form: Any, key: str, row: str) -> Iterator[tuple[str, Spelled]]:
    for field in form:
        if field.name in CARRIED or not (sent := _sent(field)):
            continue
        labels = dict(_flat(getattr(field.field, "choices", ())))
        words = listed(labels.get(each, each) for each in sent)
        yield f"{key}-{field.name}", Spelled(_labelled(row, field), words, field.html_name, sent)


def _sent(field: forms.BoundField) -> list[str]:
    """The value of a field as a browser would send it; nothing for an empty one."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return ["on"] if value and value != "False" else []
    if isinstance(value, list | tuple):
        return sorted(str(each) for each in value)
    sent = field.field.widget.format_value(value)
    sent = sent[0] if isinstance(sent, list) and sent else sent
    return [str(sent).replace("\r\n", "\n")] if sent else []


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), str(label)


def caught_up(typed: DraftForms) -> tuple[DraftForms, list[Difference]]:
    """The form with what was typed and what somebody else saved meanwhile, and what that was.

    A field that only the other one changed is taken over; where both did, what was typed stays in the form
    and the difference is said. A row that the other one removed comes back only if it was changed here.
    """
    assert typed.data is not None  # noqa: S101 - only a form that was sent can be behind
    fresh = DraftForms(Meeting.objects.get(pk=typed.meeting.instance.pk))
    before, mine, now = _marks(typed.opened), dict(typed.spelled()), dict(fresh.spelled())
    data = typed.data.copy()
    data["version"], data["opened"] = str(fresh.version), fresh.opened
    gone = {_row_of(key) for key in mine} - {_row_of(key) for key in now} - {"meeting"}
    differences = []
    for key in [*now, *(each for each in before if each not in now and _row_of(each) not in gone)]:
        theirs, ours = now.get(key), mine.get(key)
        if _mark(theirs) == before.get(key) or _mark(theirs) == _mark(ours):
            continue
        is_untouched = _mark(ours) == before.get(key)
        if is_untouched and (prefix := _prefix_in(typed, _row_of(key))) is not None:
            data.setlist(prefix + key.removeprefix(f"{_row_of(key)}-"), theirs.sent if theirs else [])
        if named := theirs or ours:
            differences.append(Difference(named.label, theirs.words if theirs else "", is_untouched))
    differences += [_removed(typed, row, before, mine, data) for row in sorted(gone)]
    return DraftForms(fresh.meeting.instance, data), differences


def _removed(
    typed: DraftForms, row: str, before: dict[str, str], mine: dict[str, Spelled], data: QueryDict
) -> Difference:
    """What became of a row that somebody else removed."""
    own = {key: each for key, each in mine.items() if _row_of(key) == row}
    is_untouched = all(each.mark == before.get(key) for key, each in own.items())
    if is_untouched:
        data[f"{_prefix_in(typed, row)}DELETE"] = "on"
    label = next(iter(own.values())).label.split(" · ")[0]
    return Difference(label, _("removed"), is_untouched)


def _mark(spelled: Spelled | None) -> str | None:
    return spelled.mark if spelled else None


def version_of(sent: str) -> int:
    """The version that a form names; one that no draft has when it was tampered with."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else -1


def _marks(opened: str) -> dict[str, str]:
    try:
        marks = json.loads(opened)
    except (ValueError, RecursionError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _row_of(key: str) -> str:
    """Of which row a key speaks: "pledges-7", or "meeting"."""
    section, *rest = key.split("-")
    return section if section == "meeting" else f"{section}-{rest[0] if rest else ''}"


def _prefix_in(typed: DraftForms, row: str) -> str | None:
    """What stands before the names of this row's fields in the form that was sent; None when it has no such row."""
    if row == "meeting":
        return ""
    section, key = row.split("-")
    rows = typed.sections.get(section)
    for form in rows.forms if rows else ():
        if typed.key_of(form) == key:
            return f"{form.prefix}-"
    return None
