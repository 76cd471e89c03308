"""What a draft's author is asked to look at once more before it is published; never a reason to refuse it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.models import AgendaItem, Pledge
from commitments.record import RESTRICTED_PLACE, RESTRICTED_TIME
from commitments.warning import (
    ACCUSED,
    EMAIL,
    IDENTITY_CARD,
    NAMED,
    PHONE,
    PLATE,
    UNNAMED,
    Found,
    are_alike,
    found_in,
)
from mail.writing import isolated
from meetings.models import Meeting, MeetingFile, Organisation, Participant
from meetings.text import listed

# Among how many earlier pledges of the same agencies and neighbourhoods one that is alike is looked for.
COMPARED = 500
# The pages on which the texts are typed.
FORM, AGENDA, OUTCOMES = "workspace_meeting", "workspace_agenda", "workspace_outcomes"
FILES = "workspace_files"
LINK = re.compile(r"https?://\S+")
MEETING_TEXTS = ("title", "venue", "summary")
CONCERN_TEXTS = ("text", "request", "place")
PLEDGE_TEXTS = ("title", "details", "place", "beneficiaries", "provenance", "sign", "due_words")
SOURCE_TEXTS = ("title", "publisher")


class Caution(NamedTuple):
    """What was found, why it matters, on which page and where, and an existing pledge where it is about one."""

    anchor: str
    sentence: str
    why: str
    like: Pledge | None = None
    page: str = FORM


class Text(NamedTuple):
    """A text of the record that everybody will read: the field of the form, its name in words, and the page."""

    anchor: str
    where: str
    text: str
    page: str = FORM


class Draft:
    """A draft with all that is looked at, each read once."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting

    @cached_property
    def participants(self) -> list[Participant]:
        """Who took part."""
        return list(self.meeting.participants.select_related("organisation").order_by("number"))

    @cached_property
    def pledges(self) -> list[Pledge]:
        """What was promised."""
        known = self.meeting.pledges.select_related("responsible").order_by("number")
        return list(known.prefetch_related("neighbourhoods"))

    @cached_property
    def sources(self) -> list[Any]:
        """Where it is written."""
        return list(self.meeting.sources.order_by("number"))

    @cached_property
    def files(self) -> list[MeetingFile]:
        """Minutes and photos."""
        return list(self.meeting.files.all())

    @cached_property
    def agenda(self) -> list[AgendaItem]:
        """What is on the agenda, with what was stated of it."""
        return list(self.meeting.agenda.filter(is_kept=True).select_related("pledge", "agreed_with"))

    @cached_property
    def neighbourhoods(self) -> list[Any]:
        """Which neighbourhoods it concerns."""
        return list(self.meeting.neighbourhoods.all())

    def unnamed(self) -> list[str]:
        """The names that were written down and are not for the public."""
        return [each.name for each in self.participants if each.name and not each.public_name]

    def known(self) -> list[str]:
        """The names that may be said: of people in a public role or who agreed, of organisations and of places."""
        named: list[Any] = [self.meeting.host, self.meeting.logged_by, *self.neighbourhoods]
        named += [each.organisation for each in self.participants] + [each.responsible for each in self.pledges]
        names = [name for each in named if each for name in each.names().values()]
        for each in self.participants:
            if each.public_name:
                names += [each.public_name, *(said.get("name", "") for said in each.translations.values())]
        return [name for name in names if name]

    def texts(self) -> Iterator[Text]:
        """Every text that everybody will read, in the order of the form."""
        yield from _texts_of(self.meeting, MEETING_TEXTS, "", "")
        for index, participant in enumerate(self.participants):
            row = _("Participant %(number)s") % {"number": index + 1}
            public = ("name", "role") if participant.public_name else ("role",)
            yield from _texts_of(participant, public, f"participants-{index}-", row)
        for index, concern in enumerate(self.meeting.concerns.order_by("number")):
            row = _("Concern %(number)s") % {"number": index + 1}
            yield from _texts_of(concern, CONCERN_TEXTS, f"concerns-{index}-", row)
        for index, pledge in enumerate(self.pledges):
            row = _("Pledge %(number)s") % {"number": index + 1}
            yield from _texts_of(pledge, _public_texts(pledge), f"pledges-{index}-", row)
        for index, source in enumerate(self.sources):
            row = _("Source %(number)s") % {"number": index + 1}
            yield from _texts_of(source, SOURCE_TEXTS, f"sources-{index}-", row)
        for file in self.files:
            if file.caption:
                yield Text(f"id_caption-{file.attachment.name}", f"{file.words} · {_('caption')}", file.caption, FILES)
        for item in self.agenda:
            if item.remark:
                yield Text(f"id_item-{item.pk}-remark", _("In the words of the minutes"), item.remark, OUTCOMES)
            elif item.text:
                yield Text("id_points", _("new point"), item.text, AGENDA)


def _public_texts(pledge: Pledge) -> list[str]:
    hidden = [*RESTRICTED_PLACE] * pledge.is_place_restricted + [*RESTRICTED_TIME] * pledge.is_time_restricted
    return [name for name in PLEDGE_TEXTS if name not in hidden]


def _texts_of(row: Any, names: Iterable[str], prefix: str, label: str) -> Iterator[Text]:
    for name in names:
        translated = (said.get(name, "") for said in getattr(row, "translations", {}).values())
        text = "\n".join(each for each in (getattr(row, name), *translated) if each)
        if text:
            field = str(row._meta.get_field(name).verbose_name)
            yield Text(f"id_{prefix}{name}", f"{label} · {field}" if label else field, text)


def cautions(meeting: Meeting) -> list[Caution]:
    """What to look at once more, in the order of the form, and at last what is alike; a constant number of queries."""
    draft = Draft(meeting)
    unnamed, known = draft.unnamed(), draft.known()
    found = [
        _caution(text, each) for text in draft.texts() for each in found_in(text.text, unnamed=unnamed, known=known)
    ]
    found += [*_unheard(draft), *_untold(draft)]
    if draft.files:
        found.append(_published_as_they_are(len(draft.files)))
    if not draft.sources and not any(not each.attachment.is_photo for each in draft.files):  # minutes are a source
        sentence = _("No source is named: minutes, an article or a recording.")
        found.append(
            Caution("sources", sentence, _("With a source, anybody can check what was said, and nobody can deny it."))
        )
    return found + list(_alike(draft))


def _unheard(draft: Draft) -> Iterator[Caution]:
    """What an agency is said to have stated, of which nobody is listed as present: it would pass for another's word."""
    present = {each.organisation_id for each in draft.participants if each.attendance == Participant.Attendance.PRESENT}
    for item in draft.agenda:
        pledge, agency = item.pledge, item.agreed_with
        if pledge and agency and agency.pk not in present and not pledge.is_withdrawn:
            sentence = _(
                "What was stated of %(pledge)s: you wrote that %(agency)s stated it, but nobody of it is listed as"
                " present."
            )
            about = {"pledge": isolated(pledge.title), "agency": isolated(agency.name)}
            why = _(
                "It would be published as stated by the association alone. Correct who took part, or who stated it."
            )
            yield Caution(f"item-{item.pk}", sentence % about, why, page=OUTCOMES)


def _untold(draft: Draft) -> Iterator[Caution]:
    """Participants of whom the public would learn nothing: a list of names alone makes them, so one caution for all."""
    numbers = [number for number, each in enumerate(draft.participants, start=1) if not each.is_told]
    if numbers:
        sentence = ngettext(
            "Participant %(numbers)s is shown as “somebody who is not named”: there is no role and no organisation.",
            "Participants %(numbers)s are shown as “somebody who is not named”: there is no role and no organisation.",
            len(numbers),
        )
        why = _("A role such as “resident” or “shopkeeper” names nobody, and says who was heard.")
        anchor = f"id_participants-{numbers[0] - 1}-role"
        yield Caution(anchor, sentence % {"numbers": listed(str(each) for each in numbers)}, why)


def _published_as_they_are(count: int) -> Caution:
    sentence = ngettext(
        "%(count)d file is published as it is, with every face and name in it.",
        "%(count)d files are published as they are, with every face and name in them.",
        count,
    )
    why = _(
        "Open each: nobody can take a face or a name out of a photo or of minutes later. Keep no file that shows them."
    )
    return Caution("files", sentence % {"count": count}, why, page=FILES)


def cautions_of(meeting: Meeting, said: Mapping[str, str], *, named: Iterable[str] = ()) -> list[Caution]:
    """The same of what a correction would say, by the names of its fields; `named` are names that it makes public."""
    draft = Draft(meeting)
    return _cautions_of_texts(said, unnamed=draft.unnamed(), known=[*draft.known(), *(each for each in named if each)])


def cautions_of_word(pledge: Pledge, said: Mapping[str, str], *, speaker: Organisation) -> list[Caution]:
    """The same of what somebody would say of a published pledge, as `speaker`; without words it asks nothing.

    Who took part without being named is known to the association that logged the meeting alone: nobody else is told
    by a warning that a name which they typed is one of those.
    """
    if not any(said.values()):
        return []
    draft = Draft(pledge.meeting)
    known = [*draft.known(), *speaker.names().values()]
    unnamed = draft.unnamed() if speaker.pk == pledge.meeting.logged_by_id else []
    return _cautions_of_texts(said, unnamed=unnamed, known=known)


def _cautions_of_texts(said: Mapping[str, str], *, unnamed: list[str], known: list[str]) -> list[Caution]:
    texts = (Text("", where, LINK.sub(" ", words), "") for where, words in said.items())
    return [_caution(text, each) for text in texts for each in found_in(text.text, unnamed=unnamed, known=known)]


def _caution(text: Text, found: Found) -> Caution:
    sentence, why = {
        PHONE: (
            _("%(where)s: a telephone number, %(words)s"),
            _("Anybody could call it, and it cannot be taken out of what others have copied."),
        ),
        IDENTITY_CARD: (
            _("%(where)s: what looks like the number of an identity card, %(words)s"),
            _("With it somebody could pass for that person."),
        ),
        EMAIL: (
            _("%(where)s: an e-mail address, %(words)s"),
            _("It leads to one person, and would be found by whoever sends unwanted mail."),
        ),
        PLATE: (
            _("%(where)s: what looks like a licence plate, %(words)s"),
            _("It leads to the person who owns the vehicle."),
        ),
        UNNAMED: (
            _("%(where)s: the name of %(words)s, who takes part without being named"),
            _("This person did not agree to be named: say what they are (a resident, a mother), not who."),
        ),
        NAMED: (
            _("%(where)s: what looks like the name of a private person, %(words)s"),
            _("Nobody is named who did not agree to it, unless they act in a public role."),
        ),
        ACCUSED: (
            _("%(where)s: what looks like a name beside a word of arrest or suspicion, %(words)s"),
            _("Whoever is named there is accused in public, without a judge, for good."),
        ),
    }[found.sort]
    words = {"where": isolated(text.where), "words": isolated(found.words)}
    return Caution(text.anchor, sentence % words, why, page=text.page)


def _alike(draft: Draft) -> Iterator[Caution]:
    """Each pledge that looks like another one of the draft, or like one that was published."""
    earlier = [(each, {place.pk for place in each.neighbourhoods.all()}) for each in _earlier(draft)]
    of_meeting = {each.pk for each in draft.neighbourhoods}
    for index, pledge in enumerate(draft.pledges):
        anchor = f"id_pledges-{index}-title"
        for other in draft.pledges[:index]:
            if are_alike(pledge.title, other.title):
                numbers = {"number": index + 1, "other": draft.pledges.index(other) + 1}
                sentence = _("Pledge %(number)s looks like pledge %(other)s of this meeting.") % numbers
                yield Caution(anchor, sentence, _("One promise written twice is counted twice."))
                break
        places = {each.pk for each in pledge.neighbourhoods.all()} or of_meeting
        near = (each for each, its_own in earlier if its_own & places or each.responsible_id == pledge.responsible_id)
        like = next((each for each in near if are_alike(pledge.title, each.title)), None)
        if like and like.made_on:
            about = {"number": index + 1, "day": date_format(like.made_on, "DATE_FORMAT")}
            sentence = _("Pledge %(number)s looks like one that was published, of %(day)s:") % about
            why = _("One promise written twice is counted twice. If it was promised anew, publish it.")
            yield Caution(anchor, sentence, why, like)


def _earlier(draft: Draft) -> list[Pledge]:
    """The latest pledges of the same agencies or neighbourhoods."""
    places = {each.pk for each in draft.neighbourhoods}
    for pledge in draft.pledges:
        places |= {each.pk for each in pledge.neighbourhoods.all()}
    agencies = {each.responsible_id for each in draft.pledges if each.responsible_id}
    side = Pledge.objects.published().filter(meeting__is_fictional=draft.meeting.is_fictional)
    near = side.filter(Q(responsible__in=agencies) | Q(neighbourhoods__in=places))
    found = near.distinct().order_by("-made_on", "-pk").prefetch_related("neighbourhoods")
    return list(found.defer("folded", "details", "sign")[:COMPARED]) if draft.pledges else []
