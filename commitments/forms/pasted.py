"""What is pasted into a draft, a line a row: the rows that it becomes, and why something was suggested for them."""

import re
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commitments.forms.called import Called
from commitments.models import Pledge, PledgeKind
from commitments.suggesting import MATTER_OF, OTHER_KIND, THEME_WORDS, KindWords, Phrases, Suggested, spelled_out
from commitments.suggesting_when import When, when_in
from commitments.workdays import public_holidays
from meetings.forms import MOST_ROWS, Rows
from meetings.models import Concern, Meeting, Organisation, Participant
from meetings.pasting import LONGEST_NAME, Person, cut, lines, participants
from meetings.register import Register
from meetings.text import TEXT_LIMIT

LONGEST_TITLE = 500
LONGEST_DUE_WORDS = 200
# "Theft at night. Request: more light", on one line.
_REQUEST = re.compile(
    r"(?:(?<=[\s.;؛،,–—(-])(?:المطلب|المطالب|الطلب)|(?:(?<=[.;,–—(-])|(?<=[.;,–—(-]\s))(?:demandes?|requests?))"
    r"\s?:\s?(?=\S)",
    re.IGNORECASE,
)
_BETWEEN = " .;؛،,–—(-"
MOST_LINES = 10 * MOST_ROWS  # of which each is read; of a whole book the lines are counted, and no row is made


class Paste(forms.Form):
    """The text pasted into one section. Whatever it is, each of its lines becomes a row.

    Only when there are more than a draft holds is it refused, all of it, and stays in its field.
    """

    section: ClassVar[str]
    label: ClassVar[Any]
    hint: ClassVar[Any]
    pasted: Any = forms.Field(required=False, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}))

    def __init__(self, data: Any, *, rows: Rows, register: Register) -> None:
        super().__init__(data, prefix=self.section)
        self.fields["pasted"].label, self.fields["pasted"].help_text = self.label, self.hint
        self.rows, self.first = rows, 0
        self.called = Called(register, rows.meeting)
        rows.paste = self  # type: ignore[attr-defined]  # for the template of the section

    @property
    def meeting(self) -> Meeting:
        """The draft."""
        return self.rows.meeting

    @property
    def text(self) -> str:
        """What was pasted, as it was sent."""
        return str(self["pasted"].value() or "")

    def clean_pasted(self) -> list[Model]:
        """The rows that the lines become; too many for the draft are said, and stay in the field."""
        typed = sum(bool(line.strip()) for line in self.text.splitlines())
        made = self.made(self.text) if typed <= MOST_LINES else []
        wanted = len(made) if typed <= MOST_LINES else typed
        over = len(self.rows.kept()) + wanted - MOST_ROWS
        if wanted and over > 0:
            sentence = ngettext(
                "There are at most %(most)d rows here: take %(over)d line away, and keep it for another draft.",
                "There are at most %(most)d rows here: take %(over)d lines away, and keep them for another draft.",
                over,
            )
            raise ValidationError(sentence % {"most": MOST_ROWS, "over": over})
        return made

    if TYPE_CHECKING:

        def made(self, text: str) -> list[Model]:
            """A new row for each line, not stored yet; each section says how."""

    def save(self) -> None:
        """Store the new rows after those that are there; `first` is the number of the first one."""
        made = self.cleaned_data["pasted"]
        stored = getattr(self.meeting, self.section).count()
        self.first = stored + 1 if made else 0
        for number, row in enumerate(made, start=stored + 1):
            row.meeting, row.number = self.meeting, number
            self.suggest(row)
            row.save()

    def suggest(self, row: Any) -> None:
        """Fill in what the words of a row speak for."""

    def explain(self, first: int) -> None:
        """Say beside each field of the stored rows from number `first` on why something was suggested there."""


class PastedParticipants(Paste):
    """Participants, one a line."""

    section = "participants"
    label, hint = gettext_lazy("Participants, one a line"), gettext_lazy("Name, role, organisation.")

    def made(self, text: str) -> list[Model]:
        """Name and role as written; an organisation that is named alone is chosen, and says on which side they are."""
        people = [_person(each, self.called) for each in participants(text, self.called.whole)]
        return [
            Participant(
                name=person.name,
                role=person.role,
                organisation=(organisation := self.called.by_slug.get(person.organisation)),
                side=_side(organisation),
            )
            for person in people
        ]

    def suggest(self, row: Participant) -> None:
        """For whom somebody came, as their role says it, and so on which side they are."""
        if row.organisation is None and (found := self.called.in_role(row.role)):
            row.organisation = self.called.by_slug.get(found.value)
            row.side = _side(row.organisation) if row.organisation else Participant.Side.AGENCY

    def explain(self, first: int) -> None:
        """The organisation, or the side where several could be meant."""
        for form in _stored(self.rows, first):
            found = self.called.in_role(form.instance.role)
            _explain(form, "organisation", found, lambda slug: str(self.called.by_slug[slug].pk))
            if found and not found.value:
                _explain(form, "side", Suggested(Participant.Side.AGENCY, found.word), str)


def _person(person: Person, called: Called) -> Person:
    """Somebody as told from their line; a post that stands alone where a name is expected is their role."""
    whole = person.unnamed
    is_office = len(whole.role) <= LONGEST_NAME and called.is_office(person.name, person.organisation)
    return whole if is_office else person


def _side(organisation: Organisation | None) -> Participant.Side:
    is_agency = organisation is not None and organisation.is_agency
    return Participant.Side.AGENCY if is_agency else Participant.Side.CIVIL_SOCIETY


class PastedConcerns(Paste):
    """Concerns, one a line."""

    section = "concerns"
    label, hint = gettext_lazy("Concerns, one a line"), gettext_lazy("As they stand in your document.")

    def made(self, text: str) -> list[Model]:
        """What was said, as written; what a line says was asked for is the request."""
        return [_concern(piece) for line in lines(text) for piece in cut(_spaced(line), TEXT_LIMIT)]

    @cached_property
    def themes(self) -> Phrases:
        """What speaks for a theme."""
        return Phrases(spelled_out(THEME_WORDS))

    def suggest(self, row: Concern) -> None:
        """The theme."""
        if (theme := self.themes.first_in(row.text)) and theme.value:
            row.theme = theme.value

    def explain(self, first: int) -> None:
        """The theme."""
        for form in _stored(self.rows, first):
            _explain(form, "theme", self.themes.first_in(form.instance.text), str)


class PastedPledges(Paste):
    """Pledges, one a line."""

    section = "pledges"
    label, hint = gettext_lazy("Pledges, one a line"), gettext_lazy("As they stand in your document.")

    def made(self, text: str) -> list[Model]:
        """What was promised, as written; the end of a line too long for a title becomes its details."""
        pieces = [piece for line in lines(text) for piece in cut(_spaced(line), TEXT_LIMIT)]
        return [_pledge(piece) for piece in pieces]

    @cached_property
    def kinds(self) -> dict[str, PledgeKind]:
        """Every kind of pledge that words can speak for, by its address."""
        return {each.slug: each for each in PledgeKind.objects.exclude(slug=OTHER_KIND)}

    @cached_property
    def kind_words(self) -> KindWords:
        """What speaks for each of them."""
        return KindWords({slug: kind.names().values() for slug, kind in self.kinds.items()})

    def kind_of(self, text: str) -> Suggested | None:
        """The kind that a pledge's words speak for."""
        return self.kind_words.of(text)

    def agency_of(self, text: str) -> Suggested | None:
        """The agency named in a pledge; else whose matter it is, or the host of the meeting, which then has no word."""
        if named := self.called.agency_in(text):
            return named
        host, kind = self.called.host, self.kind_of(text)
        whose = MATTER_OF.get(kind.value, "") if kind else ""
        if kind and whose and not (host and host.kind == whose):
            present = {each.organisation_id for each in self.participants if each.organisation_id}
            meant = [slug for slug, each in self.called.agencies.items() if each.kind == whose and each.pk in present]
            return Suggested(meant[0] if len(meant) == 1 else "", kind.word)
        return Suggested(host.slug, "") if host else None

    @cached_property
    def participants(self) -> list[Participant]:
        """Who took part, as stored."""
        return list(self.meeting.participants.all())

    def when_of(self, text: str) -> When | None:
        """When, as far as a pledge's words say it."""
        return when_in(text, after=self.meeting.held_on)

    def suggest(self, row: Pledge) -> None:
        """The kind, who answers for it, and when."""
        text = f"{row.title} {row.details}"
        if (kind := self.kind_of(text)) and kind.value:
            row.kind = self.kinds[kind.value]
        if (agency := self.agency_of(text)) and agency.value:
            row.responsible = self.called.agencies[agency.value]
        if when := self.when_of(text):
            _fill_when(row, when, self.meeting.held_on)

    def explain(self, first: int) -> None:
        """The kind, who answers for it, and when."""
        for form in _stored(self.rows, first):
            text = f"{form.instance.title} {form.instance.details}"
            _explain(form, "kind", self.kind_of(text), lambda slug: str(self.kinds[slug].pk))
            _explain(form, "responsible", self.agency_of(text), lambda slug: str(self.called.agencies[slug].pk))
            if when := self.when_of(text):
                _explain(form, "timing", Suggested(when.timing, when.words), str)


def _fill_when(row: Pledge, when: When, held_on: date | None) -> None:
    row.timing, row.due_on, row.ends_on = when.timing, when.due_on, when.ends_on
    row.rule, row.windows = when.rule, when.windows
    if when.timing == Pledge.Timing.BY_DATE and not row.due_words:
        row.due_words = cut(when.words, LONGEST_DUE_WORDS)[0]
    if when.skips_holidays and held_on:
        row.pauses = [[day.isoformat()] * 2 for day in public_holidays(held_on, when.ends_on)]


PASTES = (PastedParticipants, PastedConcerns, PastedPledges)


def _spaced(line: str) -> str:
    return line.replace("\t", " ")


def _concern(line: str) -> Concern:
    label = _REQUEST.search(line)
    said = line[: label.start()].rstrip(_BETWEEN) if label else ""
    return Concern(text=said, request=line[label.end() :]) if label and said else Concern(text=line)


def _pledge(line: str) -> Pledge:
    title = cut(line, LONGEST_TITLE)[0]
    return Pledge(title=title, details=line[len(title) :].strip())


def _stored(rows: Rows, first: int) -> list[Any]:
    return [form for number, form in enumerate(rows.forms, start=1) if number >= first and form.instance.pk]


def _explain(form: Any, name: str, suggested: Suggested | None, key: Any) -> None:
    """Say why a field was filled, as long as it holds what was suggested."""
    if suggested and suggested.value and str(form[name].value()) == key(suggested.value):
        form[name].help_text = _reason(suggested)


def _reason(suggested: Suggested) -> SafeString | str:
    if not suggested.word:
        return _("Suggested: the host of the meeting.")
    word = format_html("<bdi>{}</bdi>", suggested.word)
    return format_html(_("Suggested because of “{word}”."), word=word)
