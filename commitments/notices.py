"""Who is written to about a pledge, and in which words: the people of the organisation that answers for it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rules import members
from commitments.models import MailTurnedOff, Pledge
from mail import outbox
from mail.writing import Item, Link, Words, isolated, one_line
from meetings.models import Meeting, Organisation
from meetings.text import listed

# How many pledges one letter lists; the desk has them all.
LISTED = 20


class Line(NamedTuple):
    """A pledge in a letter, what is said of it, and the desk's page that it leads to."""

    pledge: Pledge
    note: str
    page: str = "inbox_pledge"


def write(user: User, keys: Collection[str], compose: Callable[[], Words | None], *, now: datetime) -> bool:
    """Write to somebody in their language; whether that was done.

    Nothing is written when one of the `keys` says that they were told, or when there is nothing to say.
    """
    with translation.override(user.language):
        composed = compose()
    if composed is None:
        return False
    letter = outbox.queue(keys=keys, to=user.email, language=user.language, words=composed, now=now)
    return letter is not None


def recipients(organisation_id: int, sort: MailTurnedOff.Sort) -> QuerySet[User]:
    """The people of an organisation who have not turned this sort of mail off."""
    return members(organisation_id).exclude(mail_turned_off__sort=sort).order_by("pk")


def words(
    *, subject: str, opening: str, lines: Iterable[Line], total: int, why: str, closing: Iterable[str] = ()
) -> Words:
    """A letter about pledges, in the language of the moment; of `total` it lists the `lines`."""
    items = tuple(_item(line) for line in lines)
    more = total - len(items)
    rest = ngettext("And %(count)d more, at your desk.", "And %(count)d more, at your desk.", more) % {"count": more}
    return Words(
        subject=subject,
        opening=opening,
        items=items,
        rest=rest if more else "",
        action=Link(_("Go to your desk"), address("desk")),
        closing=tuple(closing),
        why=why,
        settings=Link(_("Choose which mails you get, and in which language"), address("desk_mail")),
    )


def _item(line: Line) -> Item:
    title = line.pledge.said("title")
    text = one_line(title.text, limit=Pledge._meta.get_field("title").max_length or 0)
    return Item(text, title.language, address(line.page, line.pledge.pk), line.note)


def address(page: str, *args: int) -> str:
    """The whole address of a page in the language of the moment."""
    return f"{settings.SITE_URL}{reverse(page, args=args)}"


def because_member(organisations: Iterable[Organisation]) -> str:
    """Why somebody gets a letter."""
    names = listed(isolated(each.name) for each in organisations)
    return _("You get this mail because you are a member of %(organisations)s.") % {"organisations": names}


def _by_person(concerned: Iterable[tuple[Organisation | None, Pledge]]) -> dict[User, dict[Pledge, Organisation]]:
    """The people of the organisations that some pledges concern: the pledges of each, each once, and whose they are."""
    by_organisation: dict[Organisation, list[Pledge]] = {}
    for organisation, pledge in concerned:
        if organisation:
            by_organisation.setdefault(organisation, []).append(pledge)
    told: dict[User, dict[Pledge, Organisation]] = {}
    for organisation, theirs in by_organisation.items():
        for user in members(organisation.pk):
            for pledge in theirs:
                told.setdefault(user, {}).setdefault(pledge, organisation)
    return told


def _answering(pledges: Iterable[Pledge]) -> dict[User, list[Pledge]]:
    """Those who answer for some pledges, each with theirs."""
    found = _by_person((pledge.responsible, pledge) for pledge in pledges)
    return {user: list(theirs) for user, theirs in found.items()}


def addressed(meeting: Meeting, pledges: Iterable[Pledge], *, now: datetime) -> None:
    """Tell those who are to answer that a record with pledges of theirs was published: one letter to each of them."""
    for user, theirs in _answering(pledges).items():
        write(user, [f"addressed/{user.pk}/{meeting.pk}"], partial(_addressed, meeting, theirs), now=now)


def added(pledge: Pledge, *, now: datetime) -> None:
    """Tell who is to answer for a pledge that was added to a record already published."""
    assert pledge.responsible is not None  # noqa: S101 - what is published says who answers for it
    meeting = pledge.meeting
    for user in members(pledge.responsible.pk):
        key = f"addressed/{user.pk}/{meeting.pk}/{pledge.number}"
        write(user, [key], partial(_addressed, meeting, [pledge], is_added=True), now=now)


def _addressed(meeting: Meeting, pledges: list[Pledge], *, is_added: bool = False) -> Words:
    count = len(pledges)
    assert meeting.held_on is not None  # noqa: S101 - what is published has its day
    title, day = isolated(meeting.said("title").text), date_format(meeting.held_on, "DATE_FORMAT")
    subject = ngettext("%(count)d pledge to answer: %(meeting)s", "%(count)d pledges to answer: %(meeting)s", count)
    opening = _(
        "The record of the meeting “%(meeting)s” of %(day)s was published. It says that you answer for what is listed"
        " here. Say whether this is what was said, and where each pledge stands: everybody can read your answer."
    )
    if is_added:
        opening = _(
            "To the record of the meeting “%(meeting)s” of %(day)s, which was published earlier, a pledge was added"
            " that had been forgotten; the reason stands on its page. It says that you answer for it. Say whether this"
            " is what was said, and where it stands: everybody can read your answer."
        )
    return words(
        subject=subject % {"count": count, "meeting": title},
        opening=opening % {"meeting": title, "day": day},
        lines=[Line(pledge, _time(pledge)) for pledge in pledges[:LISTED]],
        total=count,
        why=because_member(dict.fromkeys(each.responsible for each in pledges if each.responsible)),
        closing=[_("Mails of pledges that are for you to answer cannot be turned off.")],
    )


def _time(pledge: Pledge) -> str:
    """By when, as the record says."""
    if pledge.due_on:
        return _("By %(day)s.") % {"day": date_format(pledge.due_on, "DATE_FORMAT")}
    return str(capfirst(pledge.get_timing_display()))


def offered(pledge: Pledge, *, now: datetime) -> None:
    """Tell those to whom a pledge was offered that it waits for their answer; once, however often it is offered."""
    assert pledge.offered_to is not None  # noqa: S101 - it has just been offered
    for user in members(pledge.offered_to.pk):
        write(
            user,
            [f"offered/{user.pk}/{pledge.pk}/{pledge.offered_to.pk}"],
            partial(_offered, pledge, pledge.offered_to),
            now=now,
        )


def _offered(pledge: Pledge, to: Organisation) -> Words:
    names = {
        "agency": isolated(pledge.responsible.name if pledge.responsible else ""),
        "to": isolated(to.name),
        "pledge": isolated(pledge.said("title").text),
    }
    opening = _(
        "%(agency)s says that %(to)s should answer for this pledge. Accept it, or decline and say why: until you"
        " answer, it stays where it is."
    )
    return words(
        subject=_("A pledge is offered to you: %(pledge)s") % names,
        opening=opening % names,
        lines=[Line(pledge, _time(pledge))],
        total=1,
        why=because_member([to]),
        closing=[_("Mails of pledges that are for you to answer cannot be turned off.")],
    )


def disputed(pledge: Pledge, *, number: int, by: Organisation, now: datetime) -> None:
    """Tell the agency at once that an association disputes its pledge, in the entry with this number.

    What the association found is not in the letter: it stands on the page, where a moderator can still redact it.
    """
    assert pledge.responsible is not None  # noqa: S101 - what is published says who answers for it
    for user in recipients(pledge.responsible.pk, MailTurnedOff.Sort.DISPUTED):
        key = f"disputed/{user.pk}/{pledge.pk}/{number}"
        write(user, [key], partial(_disputed, pledge, by), now=now)


def _disputed(pledge: Pledge, by: Organisation) -> Words:
    assert pledge.responsible is not None  # noqa: S101 - as above
    opening = _("%(association)s looked at this pledge and disputes it. Read what it found, and answer.")
    return words(
        subject=_("An association disputes a pledge: %(pledge)s") % {"pledge": isolated(pledge.said("title").text)},
        opening=opening % {"association": isolated(by.name)},
        lines=[Line(pledge, str(capfirst(pledge.get_standing_display())))],
        total=1,
        why=because_member([pledge.responsible]),
    )


def readdressed(pledge: Pledge, *, was: Organisation, number: int, now: datetime) -> None:
    """Tell both that the record named the wrong agency, and which one answers since the entry with this number."""
    assert pledge.responsible is not None  # noqa: S101 - what is published says who answers for it
    for organisation in (was, pledge.responsible):
        for user in members(organisation.pk):
            key = f"readdressed/{user.pk}/{pledge.pk}/{number}"
            write(user, [key], partial(_readdressed, pledge, was, organisation), now=now)


def _readdressed(pledge: Pledge, was: Organisation, to: Organisation) -> Words:
    assert pledge.responsible is not None  # noqa: S101 - what is published says who answers for it
    names = {
        "was": isolated(was.name),
        "agency": isolated(pledge.responsible.name),
        "pledge": isolated(pledge.said("title").text),
    }
    if to == was:
        subject = _("A pledge is no longer for you to answer: %(pledge)s")
        opening = _(
            "Who logged the meeting corrected the record: not %(was)s answers for this pledge, but %(agency)s. Both"
            " stay readable, with the reason. You need do nothing."
        )
    else:
        subject = _("A pledge to answer: %(pledge)s")
        opening = _(
            "Who logged the meeting corrected the record: %(agency)s answers for this pledge, and not %(was)s. Say"
            " whether this is what was said, and where it stands: everybody can read your answer."
        )
    return words(
        subject=subject % names,
        opening=opening % names,
        lines=[Line(pledge, _time(pledge), page="pledge" if to == was else "inbox_pledge")],
        total=1,
        why=because_member([to]),
        closing=[_("Mails of pledges that are for you to answer cannot be turned off.")],
    )


def reworded(pledge: Pledge, *, number: int, now: datetime) -> None:
    """Tell who answers for a pledge that its words were corrected, by the entry with this number, and ask again.

    Neither the words nor the reason are in the letter: a moderator can still redact them where they stand.
    """
    assert pledge.responsible is not None  # noqa: S101 - what is published says who answers for it
    for user in members(pledge.responsible.pk):
        write(user, [f"reworded/{user.pk}/{pledge.pk}/{number}"], partial(_reworded, pledge), now=now)


def _reworded(pledge: Pledge) -> Words:
    assert pledge.responsible is not None  # noqa: S101 - as above
    opening = _(
        "Whoever logged the meeting corrected what the record says of this pledge. Old and new stay readable, with"
        " the reason. What you answered before counts for the earlier words: say whether this is what was said."
    )
    if pledge.promised_by:  # who alone can say whether that was said
        opening = _(
            "Whoever logged the meeting corrected what the record says of this pledge. %(agency)s promised it, and you"
            " answer for it. Old and new stay readable, with the reason. What you answered before counts for the"
            " earlier words: if it no longer holds, say where the pledge stands."
        ) % {"agency": isolated(pledge.promised_by.name)}
    return words(
        subject=_("A pledge of yours was corrected: %(pledge)s") % {"pledge": isolated(pledge.said("title").text)},
        opening=opening,
        lines=[Line(pledge, _time(pledge))],
        total=1,
        why=because_member([pledge.responsible]),
        closing=[_("Mails of pledges that are for you to answer cannot be turned off.")],
    )


def withdrawn(concerned: Iterable[tuple[Organisation | None, Pledge]], *, now: datetime) -> None:
    """Tell those whom pledges of one meeting concern that their record was withdrawn: one letter to each of them."""
    for user, theirs in _by_person(concerned).items():
        keys = [f"withdrawn/{user.pk}/{pledge.pk}" for pledge in theirs]
        write(user, keys, partial(_withdrawn, theirs), now=now)


def _withdrawn(theirs: Mapping[Pledge, Organisation]) -> Words:
    count = len(theirs)
    subject = ngettext(
        "%(count)d pledge was withdrawn from the record", "%(count)d pledges were withdrawn from the record", count
    )
    return words(
        subject=subject % {"count": count},
        opening=_(
            "Whoever logged the meeting withdrew what is listed here. It counts nowhere any more, and stays readable"
            " with the reason and with all that was said. You need do nothing."
        ),
        lines=[Line(pledge, _time(pledge), page="pledge") for pledge in list(theirs)[:LISTED]],
        total=count,
        why=because_member(dict.fromkeys(theirs.values())),
    )


class Statement(NamedTuple):
    """What a meeting stated of a pledge, in the entry with this number: in words, and which agency did, if one did."""

    pledge: Pledge
    number: int
    outcome: Callable[[], str]
    by: Organisation | None


def stated(meeting: Meeting, told: Sequence[Statement], *, now: datetime) -> None:
    """Tell who answers for some pledges, and who is said to have stated something of them, what a meeting stated.

    The words of the minutes are not in the letter: a moderator can still redact them where they stand.
    """
    of_pledge = {each.pledge: each for each in told}
    answering = [(each.pledge.responsible, each.pledge) for each in told]
    speaking = [(each.by, each.pledge) for each in told]
    for user, theirs in _by_person([*answering, *speaking]).items():
        statements = {of_pledge[pledge]: organisation for pledge, organisation in theirs.items()}
        keys = [f"stated/{user.pk}/{each.pledge.pk}/{each.number}" for each in statements]
        write(user, keys, partial(_stated, meeting, statements), now=now)


def _stated(meeting: Meeting, told: Mapping[Statement, Organisation]) -> Words:
    assert meeting.held_on is not None  # noqa: S101 - what is published has its day
    assert meeting.logged_by is not None  # noqa: S101 - minutes state something for who keeps them
    count = len(told)
    subject = ngettext(
        "What a meeting stated of %(count)d pledge of yours",
        "What a meeting stated of %(count)d pledges of yours",
        count,
    )
    names = {
        "meeting": isolated(meeting.said("title").text),
        "day": date_format(meeting.held_on, "DATE_FORMAT"),
        "association": isolated(meeting.logged_by.name),
    }
    opening = _(
        "The minutes that %(association)s published of the meeting “%(meeting)s” of %(day)s say what became of the"
        " pledges listed here, and who stated it. It stands beside your own word and does not change it. If it is not"
        " what was said, answer: everybody can read it."
    )
    return words(
        subject=subject % {"count": count},
        opening=opening % names,
        lines=[Line(each.pledge, each.outcome(), page=_page_for(told[each], each.pledge)) for each in [*told][:LISTED]],
        total=count,
        why=because_member(dict.fromkeys(told.values())),
    )


def _page_for(organisation: Organisation, pledge: Pledge) -> str:
    """Where the people of an organisation read a pledge: at their desk only where they may answer for it."""
    answers = pledge.responsible
    return "inbox_pledge" if answers and organisation.pk in {answers.pk, answers.parent_id} else "pledge"
