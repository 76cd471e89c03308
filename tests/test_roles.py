"""Who may do what: each address that writes, tried by each of the cast (DESIGN section 6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.inviting import invite, token_of
from accounts.models import Invitation, Membership, User
from attachments.models import Attachment, WaitingTable
from commitments.handover import offer
from commitments.models import Pledge
from commitments.occurrences import log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import answer
from ledger.models import Entry
from meetings.models import Meeting, Neighbourhood, Organisation
from tests.cast import Cast
from tests.desk import Sent, form_in, signed_in
from tests.factories import MeetingFactory, PledgeFactory, published_meeting
from tests.remembering import remembered
from tests.uploads import jpeg, kept

PARTS = (
    "secretary", "manager", "other_member", "official", "headquarters_official", "other_official", "moderator",
    "administrator", "auditor", "stranger", "anonymous",
)  # fmt: skip
VOICES = {
    "secretary": "hay",
    "manager": "hay",
    "other_member": "jar",
    "official": "district",
    "headquarters_official": "headquarters",
    "other_official": "commune",
}
DONE, SHOWN, REFUSED, UNKNOWN, SIGN_IN = 302, 200, 403, 404, "sign in"


@dataclass(frozen=True)
class World:
    """What the cast acts upon: a draft of the association, and a meeting it published with a pledge of the agency.

    The association has invited the stranger, and its secretary is signed in somewhere else too.
    """

    cast: Cast
    draft: Meeting
    published: Meeting
    pledge: Pledge
    offered: Pledge
    invitation: Invitation
    session: UserSession
    photo: Attachment
    tables: dict[str, WaitingTable]  # by who uploaded them: nobody confirms what another did
    opened: dict[str, Sent] = field(default_factory=dict)  # forms that were read in a page

    def client(self, part: str) -> Client:
        return Client() if part == "anonymous" else signed_in(getattr(self.cast, part))


@pytest.fixture
@remembered
def world(cast: Cast) -> World:
    told: dict[str, Any] = {
        "host": cast.agency,
        "logged_by": cast.association,
        "neighbourhoods": [cast.neighbourhood],
        "held_on": timezone.localdate() - timedelta(days=9),
    }
    draft: Meeting = MeetingFactory.create(**told)
    PledgeFactory.create(meeting=draft)
    pledges = [{"timing": "recurring"}, {"title": "lamps"}]
    published = published_meeting(**told, by=cast.manager, pledges=pledges, now=timezone.now() - timedelta(days=8))
    pledge, offered = published.pledges.all()
    log_occurrence(
        pledge,
        occurrence=Occurrence(timezone.localdate()),
        was_carried_out=True,
        by=cast.official,
        organisation=cast.agency,
        now=timezone.now(),
    )
    told = {"by": cast.official, "organisation": cast.agency, "now": timezone.now()}
    offer(offered, to=cast.other_agency, text="they light the streets", **told)
    invitation = invite(
        email=cast.stranger.email,
        organisation=cast.association,
        role=Membership.Role.MEMBER,
        language="ar",
        by=cast.manager,
        now=timezone.now(),
    )
    session = UserSession.objects.create(user=cast.secretary, ip="192.0.2.1", session_key="elsewhere", user_agent="old")
    photo, report = kept(by=cast.official), Pledge.Status.IN_PROGRESS
    answer(pledge, status=report, evidence=[photo], **told)
    tables = {"secretary": _waiting_table(cast, cast.secretary), "manager": _waiting_table(cast, cast.manager)}
    return World(cast, draft, published, pledge, offered, invitation, session, photo, tables)


def _waiting_table(cast: Cast, by: User) -> WaitingTable:
    told = {"organisation": cast.association, "uploaded_by": by, "uploaded_at": timezone.now()}
    found: WaitingTable = WaitingTable.objects.create(name="m.csv", content=b"date,pledge\n2/3/2026,lamps\n", **told)
    return found


def sends(world: World, route: str, part: str) -> tuple[dict[str, Any], Sent]:
    """Of what a route speaks, and what somebody who means to use it would send."""
    voice = VOICES.get(part, "district")
    today = timezone.localdate()
    day = f"{today:%d/%m/%Y}"

    def spoken(prefix: str, **fields: str) -> Sent:
        said = {"voice": voice, "expected": "3", "text": "so it is", **fields}
        return {f"{prefix}-{name}": value for name, value in said.items()}

    draft, published, pledge = ({"pk": each.pk} for each in (world.draft, world.published, world.pledge))
    member = {"slug": "hay", "pk": world.cast.secretary.memberships.get().pk}
    fields: dict[str, Any] = {
        "workspace_new": lambda: ({}, _untouched(world, "workspace_new", {}) | {"for": "hay"}),
        "workspace_meeting": lambda: (draft, _untouched(world, "workspace_meeting", draft) | {"title": "changed"}),
        "workspace_in_words": ({}, {"pledges-0-timing": "recurring", "pledges-0-repeats": "daily"}),
        "workspace_import": ({}, {"for": "hay", "file": SimpleUploadedFile("m.csv", b"date,pledge\n2/3/2026,lamps\n")}),
        "workspace_import_table": (
            {"pk": world.tables["manager" if part == "manager" else "secretary"].pk},
            {"make": "1"},
        ),
        "workspace_files": lambda: (draft, {"files": SimpleUploadedFile("a.jpg", jpeg((40, 30)))}),
        "workspace_publish": (draft, {"version": "1", "has_read": "on"}),
        "workspace_prepare": lambda: ({}, _prepared(world)),
        "workspace_agenda": (draft, {"version": "1", "points": "parking"}),
        "workspace_outcomes": (draft, {"version": "1"}),
        "workspace_new_organisation": ({}, {"for": "hay", "name_fr": "Missing", "kind": "police"}),
        "workspace_new_neighbourhood": (
            {},
            {"for": "hay", "name_fr": "Missing", "kind": "village", "territory": world.cast.neighbourhood.territory_id},
        ),
        "workspace_delete": (draft, {"version": "1"}),
        "workspace_correct_part": lambda: _correction(world, "workspace_correct_part", published | {"part": "subject"}),
        "workspace_withdraw": (published, {"reason": "why", "expected": "1"}),
        "workspace_assess": (pledge, spoken("assessment", verdict="confirmed", day=day)),
        "workspace_check": (
            pledge,
            spoken("check", verdict="confirmed", occurrence=f"{today}/"),
        ),
        "workspace_pledge_correct_part": lambda: _correction(
            world, "workspace_pledge_correct_part", pledge | {"part": "what"}
        ),
        "workspace_pledge_withdraw": (pledge, {"reason": "why", "expected": "3"}),
        "inbox_wording": (pledge, spoken("wording", wording="agreed")),
        "inbox_status": (pledge, spoken("status", status="kept")),
        "inbox_week": (
            pledge,
            {
                "voice": voice,
                "expected": "3",
                f"outcome-{today:%Y%m%d}-": "not_carried_out",
                f"why-{today:%Y%m%d}-": "x",
            },
        ),
        "inbox_offer": (pledge, spoken("offer", to="commune")),
        "inbox_offered": ({"pk": world.offered.pk}, spoken("offered", answer="accepted", expected="2")),
        "inbox_acknowledge": ({}, {"chosen": [f"{world.offered.pk}-2"]}),
        "inbox_occurrence": (pledge, spoken("occurrence", day=day, window="", outcome="carried_out")),
        "redact": (
            {"kind": "pledges", **pledge, "number": 1},
            {"entry-1-fields": ["title"], "entry-1-reason": "why", "confirm": "1"},
        ),
        "members": ({"slug": "hay"}, {"email": "new@example.org", "role": "member", "language": "fr"}),
        "members_publish": ({"slug": "hay"}, {"members_may_publish": "on"}),
        "member_role": (member, {"role": "manager", "confirm": "1"}),
        "member_remove": (member, {"confirm": "1"}),
        "invitation_withdraw": ({"slug": "hay", "pk": world.invitation.pk}, {}),
        "invitation": ({"token": token_of(world.invitation)}, {}),
        "account": ({}, {"first_name": "Nadia", "last_name": "B."}),
        "account_end_session": ({"pk": world.session.pk}, {}),
        "desk_mail": ({}, {"language": "fr", "wanted": ["weekly"]}),
        "withhold": (
            pledge | {"kind": "pledges", "name": world.photo.name},
            {f"file-{world.photo.name}-reason": "why"},
        ),
    }
    found = fields[route]
    sent: tuple[dict[str, Any], Sent] = (
        found() if callable(found) else found
    )  # forms as they stand in a page are read when asked for
    return sent


def _untouched(world: World, route: str, kwargs: dict[str, Any]) -> Sent:
    """The form as the manager finds it; a page of this world is opened once, whoever sends it then."""
    address = reverse(route, kwargs=kwargs)
    if address not in world.opened:
        world.opened[address] = form_in(world.client("manager").get(address))
    return world.opened[address]


def _prepared(world: World) -> Sent:
    return {"follows": str(world.published.pk), "neighbourhoods": [str(world.cast.neighbourhood.pk)]}


def _correction(world: World, route: str, kwargs: dict[str, Any]) -> tuple[dict[str, Any], Sent]:
    return kwargs, _untouched(world, route, kwargs) | {"title": "corrected", "reason": "why", "confirm": "1"}


MEMBERS, ASSOCIATIONS = ("secretary", "manager"), ("secretary", "manager", "other_member")
AGENCY = ("official", "headquarters_official")
KEEPERS = ("manager", "administrator")
# For each address that writes: who may, and what everybody else is told; whoever is named in `also` is told otherwise.
MATRIX: dict[str, tuple[tuple[str, ...], int, dict[str, int]]] = {
    "workspace_new": (MEMBERS, REFUSED, {"other_member": UNKNOWN}),
    "workspace_meeting": (MEMBERS, UNKNOWN, {}),
    "workspace_in_words": ((), REFUSED, dict.fromkeys(ASSOCIATIONS, SHOWN)),  # tells, and stores nothing
    "workspace_new_organisation": (MEMBERS, REFUSED, {"other_member": UNKNOWN}),
    "workspace_new_neighbourhood": (MEMBERS, REFUSED, {"other_member": UNKNOWN}),
    "workspace_files": (MEMBERS, UNKNOWN, {}),
    "workspace_publish": (("manager",), UNKNOWN, {"secretary": REFUSED}),
    "workspace_prepare": (MEMBERS, REFUSED, {"other_member": UNKNOWN}),
    "workspace_agenda": (MEMBERS, UNKNOWN, {}),
    "workspace_outcomes": (MEMBERS, UNKNOWN, {}),
    "workspace_delete": (MEMBERS, UNKNOWN, {}),
    "workspace_import": (MEMBERS, REFUSED, {"other_member": UNKNOWN}),
    "workspace_import_table": (MEMBERS, UNKNOWN, {}),
    "workspace_correct_part": (("manager",), REFUSED, {}),
    "workspace_withdraw": (("manager",), REFUSED, {}),
    "workspace_assess": (ASSOCIATIONS, REFUSED, {}),
    "workspace_check": (ASSOCIATIONS, REFUSED, {}),
    "workspace_pledge_correct_part": (("manager",), REFUSED, {}),
    "workspace_pledge_withdraw": (("manager",), REFUSED, {}),
    "inbox_wording": (AGENCY, REFUSED, {}),
    "inbox_status": (AGENCY, REFUSED, {}),
    "inbox_occurrence": (AGENCY, REFUSED, {}),
    "inbox_week": (AGENCY, REFUSED, {}),
    "inbox_offer": (AGENCY, REFUSED, {}),
    "inbox_offered": (("other_official",), REFUSED, {}),
    "inbox_acknowledge": (AGENCY, REFUSED, {}),
    "redact": (("moderator",), REFUSED, {}),
    "members": (KEEPERS, REFUSED, {}),
    "members_publish": (("manager",), REFUSED, {}),
    "member_role": (KEEPERS, REFUSED, {}),
    "member_remove": (KEEPERS, REFUSED, {}),
    "invitation_withdraw": (KEEPERS, REFUSED, {}),
    "invitation": (("stranger",), REFUSED, {"anonymous": SHOWN}),
    "account": (PARTS[:-1], REFUSED, {}),
    "account_end_session": (("secretary",), UNKNOWN, {}),
    "desk_mail": (PARTS[:-1], REFUSED, {}),
    "withhold": (("moderator",), REFUSED, {}),
}


def told(route: str, part: str) -> int | str:
    """What the matrix says that this part is told."""
    allowed, otherwise, also = MATRIX[route]
    if part == "anonymous":
        return also.get(part, SIGN_IN)
    return DONE if part in allowed else also.get(part, otherwise)


def everything() -> tuple[object, ...]:
    """All that could have been changed."""
    return (
        list(Entry.objects.order_by("pk").values()),
        list(Meeting.objects.order_by("pk").values()),
        list(Pledge.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
        list(Organisation.objects.order_by("pk").values("slug", "members_may_publish")),
        list(Invitation.objects.order_by("pk").values()),
        list(UserSession.objects.order_by("pk").values()),
        list(User.objects.order_by("pk").values("email", "first_name", "language", "site_role", "is_active")),
        list(Attachment.objects.order_by("pk").values()),
        list(WaitingTable.objects.order_by("pk").values("pk", "is_made")),
        list(Organisation.objects.order_by("pk").values()),
        list(Neighbourhood.objects.order_by("pk").values()),
    )


@contextmanager
def put_back() -> Iterator[None]:
    """What is done within the block is undone, so that the next part finds the world as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("route", MATRIX)
def test_each_may_write_what_the_matrix_says_and_nothing_else(world: World, route: str) -> None:
    outcomes, before = {}, everything()
    for part in PARTS:
        with put_back():
            kwargs, sent = sends(world, route, part)
            response: Any = world.client(part).post(reverse(route, kwargs=kwargs), sent)
            signs_in = response.status_code == 302 and response.url.startswith("/accounts/login/")
            outcomes[part] = (SIGN_IN if signs_in else response.status_code, everything() != before)
    assert outcomes == {part: (told(route, part), told(route, part) == DONE) for part in PARTS}


# Pages that only show

READS: dict[str, tuple[tuple[str, ...], int, dict[str, int]]] = {
    "workspace": (ASSOCIATIONS, REFUSED, {}),
    "find_organisations": (ASSOCIATIONS, REFUSED, {}),
    "find_neighbourhoods": (ASSOCIATIONS, REFUSED, {}),
    "find_communes": (ASSOCIATIONS, REFUSED, {}),
    "workspace_review": (MEMBERS, UNKNOWN, {}),
    "workspace_published": (MEMBERS, UNKNOWN, {}),
    "workspace_agenda_print": (MEMBERS, UNKNOWN, {}),
    "workspace_pledge": (ASSOCIATIONS, REFUSED, {}),
    "workspace_letter": (ASSOCIATIONS, REFUSED, {}),
    "workspace_import_template": (ASSOCIATIONS, REFUSED, {}),
    "workspace_export": (MEMBERS, UNKNOWN, {}),
    "workspace_correct": (("manager",), REFUSED, {}),
    "workspace_pledge_correct": (("manager",), REFUSED, {}),
    "inbox": ((*ASSOCIATIONS, *AGENCY, "other_official"), REFUSED, {}),
    "inbox_record": ((*ASSOCIATIONS, *AGENCY, "other_official"), REFUSED, {}),
    "inbox_pledge": (AGENCY, REFUSED, {}),
    "members": ((*MEMBERS, "administrator", "auditor"), REFUSED, {}),
    "moderation": (("moderator",), REFUSED, {}),
    "moderate": (("moderator",), REFUSED, {}),
}


@pytest.mark.parametrize("route", READS)
def test_each_may_read_what_the_matrix_says(world: World, route: str) -> None:
    kwargs: dict[str, Any] = {
        "workspace_review": {"pk": world.draft.pk},
        "workspace_published": {"pk": world.published.pk},
        "workspace_agenda_print": {"pk": world.draft.pk},
        "workspace_pledge": {"pk": world.pledge.pk},
        "workspace_letter": {"pk": world.pledge.pk},
        "workspace_correct": {"pk": world.published.pk},
        "workspace_pledge_correct": {"pk": world.pledge.pk},
        "inbox_pledge": {"pk": world.pledge.pk},
        "moderate": {"kind": "pledges", "pk": world.pledge.pk},
        "members": {"slug": "hay"},
        "workspace_import_template": {"size": "simple", "kind": "csv"},
        "workspace_export": {"slug": "hay", "kind": "csv"},
    }
    address = reverse(route, kwargs=kwargs.get(route, {}))
    allowed, otherwise, also = READS[route]
    expected = {part: also.get(part, otherwise) for part in PARTS} | dict.fromkeys(allowed, 200) | {"anonymous": 302}
    assert {part: world.client(part).get(address).status_code for part in PARTS} == expected


# Sent by hand


@pytest.mark.parametrize(
    ("part", "route", "name", "voice"),
    [
        ("manager", "workspace_assess", "assessment-voice", "jar"),
        ("manager", "workspace_check", "check-voice", "jar"),
        ("official", "inbox_status", "status-voice", "headquarters"),
        ("official", "inbox_wording", "wording-voice", "commune"),
        ("headquarters_official", "inbox_occurrence", "occurrence-voice", "district"),
        ("headquarters_official", "inbox_week", "voice", "district"),
        ("official", "inbox_offer", "offer-voice", "commune"),
        ("other_official", "inbox_offered", "offered-voice", "district"),
    ],
)
def test_nobody_borrows_a_voice(world: World, part: str, route: str, name: str, voice: str) -> None:
    kwargs, sent = sends(world, route, part)
    before = everything()
    address = reverse(route, kwargs=kwargs)
    assert world.client(part).post(address, sent | {name: voice}).status_code == 422
    assert everything() == before


WITHOUT_NUMBER = {
    "workspace_new",
    "workspace_new_organisation",
    "workspace_new_neighbourhood",
    "workspace_prepare",
    "workspace_in_words",
    "workspace_import",
    "inbox_acknowledge",
    "members",
    "members_publish",
    "invitation",
    "account",
    "desk_mail",
}


@pytest.mark.parametrize("route", [route for route in MATRIX if route not in WITHOUT_NUMBER])
def test_what_does_not_exist_is_not_found(world: World, route: str) -> None:
    part = MATRIX[route][0][-1]
    kwargs, sent = sends(world, route, part)
    address = reverse(route, kwargs=kwargs | {"pk": 999_999})
    assert world.client(part).post(address, sent).status_code == 404


@pytest.mark.parametrize("page", ["assess", "check", "correct/what", "withdraw"])
def test_a_pledge_of_a_draft_does_not_exist_for_anybody(world: World, page: str) -> None:
    drafted = world.draft.pledges.get()
    for part in PARTS[:-1]:
        assert world.client(part).post(f"/workspace/pledges/{drafted.pk}/{page}/").status_code == 404


# No address is forgotten


OWN_APPS = {"ledger", "mail", "accounts", "attachments", "meetings", "commitments"}


def own_routes(patterns: list[Any] | None = None) -> Iterator[URLPattern]:
    """Every address that this project itself answers; allauth and the admin are not ours (see test_admin)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from own_routes(pattern.url_patterns)
        elif pattern.callback.__module__.split(".")[0] in OWN_APPS:
            yield pattern


def test_each_address_that_accepts_a_post_is_in_the_matrix(world: World) -> None:
    client = world.client("manager")
    samples = {"int": 1, "slug": "pledges", "str": "x", "path": "x", "uuid": "0" * 32}
    accepting = set()
    routes = list(own_routes())
    for route in routes:
        kwargs = {name: samples[type(each).__name__.removesuffix("Converter").lower().replace("string", "str")]
                  for name, each in route.pattern.converters.items()}  # fmt: skip
        name = f"ledger:{route.name}" if route.callback.__module__.startswith("ledger") else str(route.name)
        if client.post(reverse(name, kwargs=kwargs)).status_code != 405:
            accepting.add(name)
    assert len(routes) > 20
    assert accepting == set(MATRIX)
