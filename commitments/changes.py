"""What a correction changed, in words: each field by its name, before and after, as the public may read it."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BooleanField, DateField
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from attachments.models import Attachment
from commitments.in_words import rule_in_words
from commitments.models import Pledge, PledgeKind
from commitments.schedules import hours_in_words
from ledger.models import Entry
from meetings.models import Meeting, Neighbourhood, Organisation
from meetings.record import CAPTION_NAME, FILE_NAME, PART_NAME, PARTS, PLEDGE_NAME
from meetings.text import listed as in_a_row

# The fields of a record, and of its parts, that name something by its public id.
NAMED: dict[str, Any] = {
    "kind": PledgeKind,
    "host": Organisation,
    "responsible": Organisation,
    "organisation": Organisation,
    "neighbourhoods": Neighbourhood,
}
NOTHING = "—"


class Change(NamedTuple):
    """One field of a correction: its name in words, and what it said before and says after.

    `short` is how the mark of a corrected record names it where not by that name: "" for what went with another one.
    """

    field: str
    old: str
    new: str
    short: str | None = None

    @property
    def named(self) -> str:
        """How the mark of a corrected record names it; "" where it does not."""
        return self.field if self.short is None else self.short


def changes_of(entries: Iterable[Entry], subject: Pledge | Meeting) -> dict[int, list[Change]]:
    """What each correction changed, by its number; one query for each sort of thing that was corrected, at most."""
    said = {entry.number: entry.public_fields for entry in entries if entry.kind == "corrected"}
    names = _names_in(said.values())
    return {number: list(_changes(each, subject, names)) for number, each in said.items()}


def in_words(fields: Mapping[str, Any], subject: Pledge | Meeting) -> list[Change]:
    """What a correction with these fields would change."""
    return list(_changes(fields, subject, _names_in([fields])))


def _changes(said: Mapping[str, Any], subject: Pledge | Meeting, names: Mapping[str, str]) -> Iterator[Change]:
    for name in [each.removeprefix("new_") for each in said if each.startswith("new_")]:
        old, new = said.get(f"old_{name}"), said[f"new_{name}"]
        if name == "translations":
            readable = {each.removeprefix("old_") for each in said if each.startswith("old_")}
            yield from _dropped(old, new, subject._meta.model, readable)
        elif part := PART_NAME.fullmatch(name):
            label = _part_label(part[1], part[2])
            short = _("%(part)s (added later)") % {"part": label} if old is None and f"old_{name}" in said else None
            yield Change(label, _part(part[1], old, names), _part(part[1], new, names, is_new=True), short)
            yield from _dropped_of_part(part[1], label, old, new)
        elif added := PLEDGE_NAME.fullmatch(name):
            yield _added(_("Pledge %(number)s") % {"number": added[1]}, _("added later"))
        elif file := FILE_NAME.fullmatch(name):
            yield _added(_("File %(number)s") % {"number": file[1]}, _file(new))
        elif caption := CAPTION_NAME.fullmatch(name):
            label = _("Caption of file %(number)s") % {"number": caption[1]}
            if old or new:  # a file may have come without one
                yield Change(label, str(old or NOTHING), str(new or NOTHING))
        else:
            field: Any = subject._meta.get_field(name)
            label = str(getattr(field, "verbose_name", name))
            yield Change(label, _value(field, old, names), _value(field, new, names))


def _added(label: str, words: str) -> Change:
    return Change(label, _("not in the record"), words, _("%(part)s (added later)") % {"part": label})


def _dropped(old: Any, new: Any, model: Any, readable: Container[str]) -> Iterator[Change]:
    """The translations that went with the texts they translated; none of a text that is not to be read any more."""
    for language, name in Meeting.Language.choices:
        kept = (new or {}).get(language, {})
        for field, text in (old or {}).get(language, {}).items():
            if text and field in readable and field not in kept:
                about = {"field": model._meta.get_field(field).verbose_name, "language": name}
                yield Change(_("%(field)s, in %(language)s") % about, text, NOTHING, short="")


def _dropped_of_part(part: str, label: str, old: Any, new: Any) -> Iterator[Change]:
    """The same of a participant or concern that stays in the record; one that is taken out goes as a whole."""
    if old and new:
        texts = (old.get("translations"), new.get("translations"))
        for each in _dropped(*texts, PARTS[part], old.keys()):
            yield each._replace(field=_("%(part)s: %(field)s") % {"part": label, "field": each.field})


def _part_label(part: str, number: str) -> str:
    sentence = {
        "participant": _("Participant %(number)s"),
        "concern": _("Concern %(number)s"),
        "source": _("Source %(number)s"),
    }[part]
    return sentence % {"number": number}


def _part(part: str, said: Any, names: Mapping[str, str], *, is_new: bool = False) -> str:
    """A participant, concern or source in a row of words; nothing is said of what was redacted."""
    if said is None:
        return _("taken out of the record") if is_new else _("not in the record")
    if not said:
        return NOTHING
    fields: Any = PARTS[part]._meta.fields  # in their order: the ledger keeps them by the alphabet
    shown = (
        _value(each, said[each.name], names) for each in fields if each.name in said and each.name != "translations"
    )
    return " · ".join(each for each in shown if each != NOTHING) or NOTHING


def _file(said: Mapping[str, Any]) -> str:
    """A file that was added: its sort and its size."""
    sort = str(Attachment.MediaType(said["type"]).label)
    return _("added later: %(sort)s, %(size)s") % {"sort": sort, "size": filesizeformat(said["size"])}


def _value(field: Any, value: Any, names: Mapping[str, str]) -> str:
    """A value as the ledger keeps it, in the words of its column: a choice by its label, a day by its name."""
    if value in ("", None, {}, []):
        return NOTHING
    return _row(field, value, names) if isinstance(value, list) else _single(field, value, names)


def _single(field: Any, value: Any, names: Mapping[str, str]) -> str:
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if field.name in NAMED:
        return names.get(str(value), str(value))
    if field.name == "rule":
        return rule_in_words(str(value))
    return _day(value) if isinstance(field, DateField) else str(dict(field.flatchoices).get(value, value))


def _row(field: Any, values: list[Any], names: Mapping[str, str]) -> str:
    """Several things: hours and pauses in pairs, neighbourhoods by their names, concerns by their numbers."""
    if field.name == "pauses":
        return in_a_row(f"{_day(first)} – {_day(last)}" for first, last in values)
    if field.name == "windows":
        return in_a_row(hours_in_words(first, last) for first, last in values)
    return in_a_row(names.get(str(each), str(each)) for each in values)


def _day(value: Any) -> str:
    return date_format(date.fromisoformat(str(value)), "DATE_FORMAT")


def _names_in(said: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The names of all that these fields name by a public id."""
    slugs: dict[Any, set[str]] = {}
    for fields in said:
        for name, value in _flat(fields):
            if model := NAMED.get(name):
                slugs.setdefault(model, set()).update(each for each in _as_list(value) if each)
    found: dict[str, str] = {}
    for model, wanted in slugs.items():
        if wanted:
            found |= {each.slug: each.name for each in model.objects.filter(slug__in=wanted)}
    return found


def _flat(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every field with its plain name, those of participants, concerns and sources among them."""
    for name, value in fields.items():
        plain = name.removeprefix("old_").removeprefix("new_")
        if isinstance(value, Mapping) and PART_NAME.fullmatch(plain):
            yield from value.items()
        elif plain != name:
            yield plain, value


def _as_list(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value or "")]
