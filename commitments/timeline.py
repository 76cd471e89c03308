"""The whole history of a pledge or a meeting, as a person reads it: each entry of the ledger in words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from attachments.models import Attachment
from commitments import reviewing
from commitments.changes import Change, changes_of
from commitments.models import Pledge
from commitments.publishing import SITE
from commitments.schedules import hours_in_words
from commitments.state import (
    ACCEPTED,
    CARRIED_OUT,
    DECLINED,
    OFFERED,
    PledgeState,
    local_day,
    named_files,
    numbered_files,
)
from ledger.history import REDACTED
from ledger.models import Entry
from mail.writing import isolated
from meetings.models import Meeting, Organisation

# The fields in which an entry of a kind names another organisation than the one that speaks.
NAMING = {"handover": ("to",), "review": ("agreed_with", "stated_by")}


class Evidence(NamedTuple):
    """One file of an entry, what is honestly to be said of a photo that nobody described, and its caption if any."""

    file: Attachment
    words: str
    caption: str = ""
    language: str = ""


@dataclass(frozen=True)
class Item:
    """One entry in words; see partials/timeline.html for what each part shows."""

    number: int
    tone: str
    icon: str
    heading: str
    speaker: str
    said_on: datetime
    text: str = ""
    language: str = ""
    speaks_of: str = ""
    hours: str = ""
    changes: tuple[Change, ...] = ()
    is_redacted: bool = False
    redactions: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    url: str = ""
    is_of_occurrence: bool = False
    meeting: Meeting | None = None
    new_date: date | None = None
    not_listed: str = ""


def speakers(entries: Iterable[Entry]) -> dict[str, str]:
    """The names of those who spoke, to whom a pledge was handed over and who agreed, by their public ids; one query."""
    slugs = set()
    for entry in entries:
        named = (str(entry.fields.get(field, "")) for field in NAMING.get(entry.kind, ()))
        slugs |= {entry.speaker, *filter(None, named)}
    return {each.slug: each.name for each in Organisation.objects.filter(slug__in=slugs)}


def timeline(
    entries: Iterable[Entry], *, subject: Pledge | Meeting, names: Mapping[str, str] | None = None
) -> list[Item]:
    """The history, the latest first; one query for the speakers' names, unless they are given, one for the files."""
    listed = list(entries)
    names = speakers(listed) if names is None else names
    redactions, windows = _redactions(listed), _public_windows(subject)
    changes, files, meetings = changes_of(listed, subject), evidence_of(listed), meetings_of(listed)
    absent = _not_listed(listed, names)
    captions = {entry.number: captions_of(entry) for entry in listed if entry.number in files}
    items = [
        _item(entry, names, windows, redactions[entry.number], changes.get(entry.number, ()))
        for entry in reversed(listed)
    ]
    return [
        replace(
            item,
            evidence=_evidence(
                item.speaker, files.get(item.number, ()), captions.get(item.number, {}), subject.recorded_language
            ),
            meeting=meetings.get(item.number),
            not_listed=absent.get(item.number, ""),
        )
        for item in items
    ]


def last_reviewed(state: PledgeState, told: Iterable[Item]) -> Item | None:
    """What the latest meeting stated whose record was not withdrawn since."""
    items = {item.number: item for item in told}
    withdrawn = {item.meeting.pk for item in items.values() if item.meeting and item.meeting.is_withdrawn}
    said = state.reviewed_besides(withdrawn)
    return items.get(said.number) if said else None


def meetings_of(entries: Iterable[Entry]) -> dict[int, Meeting]:
    """The meetings at which a pledge was reviewed, by the numbers of the entries; one query where there are any."""
    named = {entry.number: int(str(entry.fields["meeting"])) for entry in entries if entry.kind == "review"}
    found = Meeting.objects.public().in_bulk(set(named.values())) if named else {}
    return {number: found[pk] for number, pk in named.items() if pk in found}


def _not_listed(entries: Iterable[Entry], names: Mapping[str, str]) -> dict[int, str]:
    """The agencies that are said to have stated something at a meeting whose record lists nobody of them as present."""
    said = {
        each.number: (int(str(each.fields["meeting"])), slug)
        for each in entries
        if each.kind == "review" and (slug := reviewing.voice_in(each.fields)[1])
    }
    absent = reviewing.unlisted(said.values())
    return {number: names.get(slug, slug) for number, (pk, slug) in said.items() if (pk, slug) in absent}


def evidence_of(entries: Iterable[Entry]) -> dict[int, list[Attachment]]:
    """The files that entries name, by the numbers of the entries; one query where there are any."""
    named = {entry.number: [each["name"] for each in named_files(entry)] for entry in entries if named_files(entry)}
    if not named:
        return {}
    files = Attachment.objects.in_bulk({name for names in named.values() for name in names}, field_name="name")
    return {number: [files[name] for name in names if name in files] for number, names in named.items()}


def captions_of(entry: Entry) -> dict[str, str]:
    """What a meeting's entry still says of each of its files, by the file's name."""
    said = entry.public_fields
    files = numbered_files(entry)
    found = {each["name"]: said.get(f"caption_{n}") or said.get(f"new_caption_{n}") for n, each in files.items()}
    return {name: str(caption) for name, caption in found.items() if caption}


def files_of(meeting: Meeting) -> tuple[Evidence, ...]:
    """The files of a meeting as its page shows them, in their order; one query."""
    listed = list(meeting.files.all())
    speaker = meeting.logged_by.name if meeting.logged_by else _("the site")
    captions = {each.attachment.name: each.caption for each in listed}
    return _evidence(speaker, [each.attachment for each in listed], captions, meeting.recorded_language)


def _evidence(
    speaker: str, files: Sequence[Attachment], captions: Mapping[str, str], language: str
) -> tuple[Evidence, ...]:
    told = {"speaker": speaker, "total": len(files)}
    return tuple(
        Evidence(file, _alternative(file) % (told | {"number": number}), captions.get(file.name, ""), language)
        for number, file in enumerate(files, start=1)
    )


def _alternative(file: Attachment) -> str:
    if file.is_photo:
        return _("Photo added by %(speaker)s, %(number)s of %(total)s")
    return _("PDF added by %(speaker)s, %(number)s of %(total)s")


def _item(
    entry: Entry,
    names: Mapping[str, str],
    windows: Mapping[str, str],
    redactions: Iterable[str],
    changes: Iterable[Change],
) -> Item:
    tone, icon, heading = in_words(entry, names)
    said = entry.public_fields
    return Item(
        number=entry.number,
        tone=tone,
        icon=icon,
        heading=heading,
        speaker=_("the site") if entry.speaker == SITE else names.get(entry.speaker, entry.speaker),
        said_on=entry.recorded_at,
        text=str(said.get("text") or said.get("reason") or ""),
        speaks_of=_speaks_of(entry),
        hours=windows.get(str(said.get("window", "")), ""),
        changes=tuple(changes),
        is_redacted=bool(entry.redacted),
        redactions=tuple(redactions),
        is_of_occurrence="window" in entry.fields,
        new_date=date.fromisoformat(str(said["due_on"])) if entry.kind == "review" and said.get("due_on") else None,
    )


def _public_windows(subject: Pledge | Meeting) -> dict[str, str]:
    """The hours of a pledge in words, by their start; none for a meeting, nor where they are not for the public."""
    if isinstance(subject, Meeting) or subject.is_time_restricted:
        return {}
    return {start: hours_in_words(start, end) for start, end in subject.windows}


def in_words(entry: Entry, names: Mapping[str, str]) -> tuple[str, str, str]:
    """Tone, icon and heading of an entry."""
    said: Mapping[str, Any] = entry.fields
    if entry.kind == "status":
        status = Pledge.Status(said["status"])
        return status.value, status.value, str(status.label)
    if entry.kind == "wording":
        wording = Pledge.Wording(said["wording"])
        tone = "not_kept" if wording == Pledge.Wording.NOT_SAID else "acknowledged"
        return tone, wording.value, str(wording.label)
    if entry.kind == "occurrence":
        carried_out = said["outcome"] == CARRIED_OUT
        heading = _("An occurrence was carried out") if carried_out else _("An occurrence was not carried out")
        return ("kept", "kept", heading) if carried_out else ("not_kept", "not_kept", heading)
    if entry.kind == "assessment":
        return _assessment_in_words(Pledge.Assessment(said["verdict"]), of_occurrence="window" in said)
    if entry.kind == "handover":
        to = str(said["to"])
        return _handover_in_words(str(said["step"]), names.get(to, to))
    return _record_in_words(entry)


def _handover_in_words(step: str, agency: str) -> tuple[str, str, str]:
    sentence = {
        OFFERED: _("The agency says that another one should answer: %(agency)s"),
        ACCEPTED: _("Handed over: %(agency)s answers for it from now on"),
        DECLINED: _("%(agency)s does not take it over"),
    }[step]
    return "acknowledged", "handover", sentence % {"agency": isolated(agency)}


def _assessment_in_words(verdict: Pledge.Assessment, *, of_occurrence: bool) -> tuple[str, str, str]:
    tone = {Pledge.Assessment.CONFIRMED: "kept", Pledge.Assessment.DISPUTED: "not_kept"}.get(verdict, "acknowledged")
    headings = {
        Pledge.Assessment.CONFIRMED: (_("An association confirms it"), _("An association confirms the occurrence")),
        Pledge.Assessment.DISPUTED: (_("An association disputes it"), _("An association disputes the occurrence")),
        Pledge.Assessment.COULD_NOT_TELL: (
            _("An association looked and could not tell"),
            _("An association looked for the occurrence and could not tell"),
        ),
    }
    return tone, verdict.value, headings[verdict][of_occurrence]


def _record_in_words(entry: Entry) -> tuple[str, str, str]:
    if entry.kind == "review":
        said: Mapping[str, Any] = entry.fields
        heading = reviewing.in_words(said["outcome"], entry.day, reviewing.voice_in(said)[0])
        return "acknowledged", "recorded", heading
    if entry.kind == "recorded" and ("reason" in entry.fields or "reason" in entry.redacted):
        return "no_answer", "recorded", _("The pledge was added to a record that was already published")
    return {
        "recorded": ("no_answer", "recorded", _("The pledge was recorded")),
        "linked": ("acknowledged", "recorded", _("The meeting became part of a series")),
        "published": ("no_answer", "published", _("The meeting was published")),
        "corrected": ("acknowledged", "corrected", _("The record was corrected")),
        "withdrawn": ("withdrawn", "withdrawn", _("Withdrawn from the record")),
        REDACTED: ("acknowledged", "redacted", _("Words were redacted by the moderators")),
        "withheld": ("acknowledged", "not_seen", _("A file was withheld by the moderators")),
    }[entry.kind]


def _speaks_of(entry: Entry) -> str:
    """What day it speaks of, where that is another than the one on which it was said."""
    made = local_day(entry.recorded_at)
    if entry.kind not in {"occurrence", "assessment"}:
        return ""
    if entry.day == made:
        return _("speaks of the same day")
    return _("speaks of %(day)s, made on %(made)s") % {"day": words(entry.day), "made": words(made)}


def words(day: date) -> str:
    """A day in words: "9 January 2019"."""
    return date_format(day, "DATE_FORMAT")


def _redactions(entries: Iterable[Entry]) -> dict[int, list[str]]:
    """Each redaction in words, by the number of the entry from which it took something, in order."""
    found: dict[int, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.redacts:
            sentence = _("By the moderators, %(day)s: %(reason)s")
            about = {"day": words(local_day(entry.recorded_at)), "reason": entry.fields.get("reason", "")}
            found[entry.redacts[0]].append(sentence % about)
    return found


def days_apart(items: Iterable[Item]) -> dict[str, list[Item]]:
    """A history in two: what was said of the whole, and the reports of single days, of which there may be hundreds."""
    listed = list(items)
    return {
        "timeline": [item for item in listed if not item.is_of_occurrence],
        "occurrences": [item for item in listed if item.is_of_occurrence],
    }
