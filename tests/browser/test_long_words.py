"""A word without an end, such as a link, in every text of a record: no page grows wider than a phone."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from attachments.keeping import keep
from commitments.correcting import correct_meeting, correct_part, correct_pledge, withdraw_pledge
from commitments.models import Pledge
from commitments.publishing import publish
from commitments.speaking import Status, Verdict, Wording, answer, assess, reply_to_wording
from meetings.files import add
from meetings.models import Concern, Meeting, Organisation, Participant, Source
from meetings.text import Line, Prose
from tests.browser.conftest import OpenPage, Screen
from tests.cast import Cast
from tests.desk import signed_in
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    ObservationFactory,
    ParticipantFactory,
    PledgeFactory,
    SourceFactory,
)
from tests.uploads import jpeg, pdf

NARROW = Screen("narrow", 320, 700, touch=True)
LANGUAGES = ["", "/fr"]
WORD = "Wwwwwwwwww" * 20


def long(model: Any) -> dict[str, str]:
    """Each text that people type, as one word of 200 letters."""
    return {each.name: WORD for each in model._meta.fields if isinstance(each, Line | Prose)}


def draft_of(cast: Cast) -> Meeting:
    """A draft in which every text is one long word."""
    meeting: Meeting = MeetingFactory.create(
        host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood],
        held_on=timezone.localdate() - timedelta(days=3), **long(Meeting),
    )  # fmt: skip
    said_by = ParticipantFactory.create(meeting=meeting, side="agency", naming="public_role", **long(Participant))
    concern = ConcernFactory.create(meeting=meeting, **long(Concern))
    SourceFactory.create(meeting=meeting, url=f"https://example.org/{WORD}", **long(Source))
    pledge: Pledge = PledgeFactory.create(
        meeting=meeting, responsible=cast.agency, said_by=said_by, sign_from="record", **long(Pledge)
    )
    pledge.concerns.add(concern)
    for content in (jpeg((40, 30)), pdf()):
        upload = SimpleUploadedFile("w" * 200, content)
        file = add(meeting, keep(upload, by=cast.manager, now=timezone.now()), by=cast.manager)
        assert file
        meeting.files.filter(pk=file.pk).update(caption=WORD)
    return meeting


def widths(page: Page, addresses: list[str]) -> dict[str, int]:
    """The pages that are wider than the screen, in both directions of writing."""
    wide = {}
    for address in addresses:
        for language in LANGUAGES:
            page.goto(f"{language}{address}")
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > NARROW.width:
                wide[f"{language}{address}"] = width
    return wide


def let_in(page: Page, user: User, live_server: Any) -> None:
    cookies = signed_in(user).cookies
    page.context.add_cookies([{"name": "sessionid", "value": cookies["sessionid"].value, "url": live_server.url}])


def test_no_page_of_a_draft_grows_with_a_word(open_page: OpenPage, cast: Cast, live_server: Any) -> None:
    meeting = draft_of(cast)
    meeting.agenda.create(number=1, text=WORD, is_kept=True)
    page = open_page(screen=NARROW)
    let_in(page, cast.manager, live_server)
    desk = f"/workspace/meetings/{meeting.pk}/"
    assert widths(page, ["/workspace/", desk, f"{desk}files/", f"{desk}review/", f"{desk}delete/"]) == {}


def test_no_page_of_a_published_record_grows_with_a_word(open_page: OpenPage, cast: Cast, live_server: Any) -> None:
    meeting, now, text = draft_of(cast), timezone.now(), WORD
    Organisation.objects.filter(pk=cast.agency.pk).update(name_ar="ط" * 60, name_fr="W" * 60)
    publish(meeting, by=cast.manager, now=now)
    pledge = meeting.pledges.get()
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now}
    reply_to_wording(pledge, wording=Wording.NOT_SAID, text=text, **told)
    answer(pledge, status=Status.NOT_KEPT, text=text, **told)
    assess(
        pledge, verdict=Verdict.DISPUTED, text=text, by=cast.secretary, organisation=cast.association,
        day=now.date(), now=now,
    )  # fmt: skip
    ObservationFactory.create(pledge=pledge, text=text, day=now.date())
    correct_pledge(pledge, changes={"title": "V" * 200, "details": "V" * 200}, reason=text, by=cast.manager, now=now)
    correct_meeting(meeting, changes={"venue": "V" * 200, "summary": text * 2}, reason=text, by=cast.manager, now=now)
    correct_part(meeting, "concern", 1, changes={"text": "V" * 200}, reason=text, by=cast.manager, now=now)
    public = [
        "/", "/meetings/", "/pledges/", "/requests/", f"/meetings/{meeting.pk}/", f"/pledges/{pledge.pk}/",
        cast.agency.get_absolute_url().removeprefix("/en"), cast.neighbourhood.get_absolute_url().removeprefix("/en"),
    ]  # fmt: skip
    page = open_page(screen=NARROW)
    assert widths(page, public) == {}
    let_in(page, cast.manager, live_server)
    desk = f"/workspace/meetings/{meeting.pk}/"
    of_pledge = f"/workspace/pledges/{pledge.pk}/"
    corrected = [f"{desk}correct/{part}/" for part in ("subject", "when", "participant-1", "concern-1", "source-1")]
    corrected += [f"{of_pledge}correct/", f"{of_pledge}correct/what/", f"{of_pledge}correct/who/"]
    own = [f"{desk}published/", f"{desk}correct/", f"{desk}withdraw/", of_pledge, f"{desk}correct/file-1/"]
    assert widths(page, [*own, *corrected]) == {}
    page.goto(f"{of_pledge}correct/what/")
    page.fill("[name=title]", "U" * 200)
    page.fill("[name=reason]", "U" * 200)
    page.locator("main form button[type=submit]").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW.width
    withdraw_pledge(pledge, reason=text, by=cast.manager, now=now)
    assert widths(page, public) == {}
