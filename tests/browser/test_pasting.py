"""From minutes to a public record: who took part, what was raised and what was promised, pasted as it stands there."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from commitments.models import Pledge, PledgeKind
from meetings.models import Concern, Meeting
from tests.browser.conftest import DESK, PHONE, OpenPage, Screen
from tests.browser.test_main_job import Axe, Visit, typed
from tests.cast import Cast
from tests.factories import PASSWORD


@dataclass(frozen=True)
class Minutes:
    """A document as a word processor copies it: 14 people, 4 concerns, 6 pledges; and what becomes of the pledges."""

    participants: str
    concerns: str
    pledges: str
    kinds: tuple[str | None, ...]
    word: str


MINUTES = {
    "ar": Minutes(
        participants="\u200f•\tمحمد العلــوي، رئيس، {agency}\n\u200f•\tسعيد بنّاني، ضابط، {agency}\n"
        "\u200f•\tفاطمة الزهراء، رئيسة، {association}\n\n"
        + "".join(f"\u200f•\u00a0مشارك {number}، عضو، جمعية غير مسجّلة {number}\n" for number in range(4, 15)),
        concerns="أ)\u00a0تكرّر السرقات قرب القطب الجامعي\nب) ضعف الإنارة بالأزقّة\nج) ترويج المخدّرات\nد) أمور أخرى\n",
        pledges="1-\u00a0تكثيــف الدوريات ليلا ونهارا\n2-\u00a0تنظيم حملات أمنية خلال أوقات دخول الطلبة\n"
        "\u202b3- إقامة سدود أمنية عند مدخل الحي\u202c\n4- إصلاح الإنارة العمومية (الجماعة)\n"
        "5- Des réunions de suivi chaque trimestre\n6- أمر سيُدرس لاحقا\n",
        kinds=("patrol", "campus-hours", "checkpoint", "lighting", "follow-up-meeting", None),
        word="الدوريات",
    ),
    "fr": Minutes(
        participants="\uf0b7\tMohamed Alaoui, chef, {agency}\n\uf0b7\tSaïd Bennani, officier, {agency}\n"
        "\uf0b7\tFatima Zahra, présidente, {association}\n\n"
        + "".join(f"\uf0b7\tPersonne {number} – membre – Association {number} du souk\n" for number in range(4, 15)),
        concerns="a)\u00a0Des vols répétés près du pôle universitaire\nb) L’éclairage des ruelles\n"
        "c) La vente de drogues\nd) Autres sujets\n",
        pledges="1.\u00a0Des patrouilles plus nombreuses, de 20\u202fh à 23\u202fh\n"
        "2.\u00a0Une présence aux heures de sortie des élèves\n3.\u00a0Un barrage de contrôle à l’entrée du quartier\n"
        "4.\u00a0Réparer l’éclairage public (la commune)\n5.\u00a0عقد لقاءات للتتبّع كلّ ثلاثة أشهر\n"
        "6.\u00a0À étudier plus tard\n",
        kinds=("patrol", "campus-hours", "checkpoint", "lighting", "follow-up-meeting", None),
        word="patrouilles",
    ),
}


@dataclass
class Hand:
    """A finger on a phone, or a mouse: what it did, counted."""

    page: Page
    touches: bool
    count: int = 0

    def press(self, selector: str) -> None:
        """Touch, or click, what is there."""
        control = self.page.locator(selector)
        (control.tap if self.touches else control.click)()
        self.count += 1

    def fill(self, selector: str, text: str) -> None:
        """Type or paste into a field."""
        self.page.fill(selector, text)
        self.count += 1

    def choose(self, selector: str, value: object) -> None:
        """Open a list and choose from it: two."""
        self.page.select_option(selector, str(value))
        self.count += 2


MOST = 60  # presses, pastes and fields from an empty page to a published record
RUNS = [
    pytest.param("ar", PHONE, True, id="ar-by-touch"),
    pytest.param("fr", DESK, True, id="fr-by-mouse"),
    pytest.param("ar", PHONE, False, id="ar-without-a-script"),
]


@pytest.mark.parametrize(("language", "screen", "is_scripted"), RUNS)
def test_pasted_minutes_become_a_public_record(
    language: str, screen: Screen, is_scripted: bool, open_page: OpenPage, axe: Axe, cast: Cast
) -> None:
    cast.other_agency.neighbourhoods.add(cast.neighbourhood)
    page = open_page(screen=screen, java_script_enabled=is_scripted)
    visit, minutes, hand = Visit(page, language, axe), MINUTES[language], Hand(page, screen.touch)
    look = visit.look if is_scripted else page.wait_for_load_state
    page.goto(f"{'' if language == 'ar' else '/fr'}/accounts/login/")
    sign_in(page, cast.manager)
    visit.go("/workspace/meetings/new/")
    begin_and_paste(hand, minutes, cast, language)
    hand.press("button[value=paste-pledges]")
    look()
    read_what_was_suggested(page, minutes, cast)
    hand.choose("[name=pledges-0-kind]", PledgeKind.objects.get(slug="fixed-presence").pk)
    say_when(hand)
    hand.press("button[value=review]")
    page.wait_for_url("**/review/**")
    look()
    read_the_review(page)
    hand.press("[name=has_read] >> nth=0")
    hand.press("form[action*=publish] button >> nth=0")
    page.wait_for_url("**/published/")
    look()
    assert hand.count <= MOST, f"{hand.count} interactions"
    is_as_written(Meeting.objects.get(state=Meeting.State.PUBLISHED))
    visit.go(f"/meetings/{Meeting.objects.get().pk}/")
    look()
    for pledge in Pledge.objects.published():
        expect(page.locator("main")).to_contain_text(pledge.title)


def sign_in(page: Page, user: User) -> None:
    """Sign in, which leads to the desk."""
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/workspace/")


def say_when(hand: Hand) -> None:
    """Two pledges recur, one is due by a date; the others leave it open."""
    for number, repeats in ((0, "daily"), (1, "school")):
        row = f"pledges-{number}"
        hand.choose(f"[name={row}-timing]", "recurring")
        folded = f"#pledge-{number + 1} details:not([open]):has([name={row}-repeats]) > summary"
        if hand.page.locator(folded).count():  # open already where hours were read from what was pasted
            hand.press(folded)
        hand.choose(f"[name={row}-repeats]", repeats)
        hand.fill(f"[name={row}-opens_1]", "08:00")
        hand.fill(f"[name={row}-closes_1]", "09:00")
    hand.choose("[name=pledges-3-timing]", "by_date")
    hand.fill("[name=pledges-3-due_on]", typed(timezone.localdate() + timedelta(days=60)))
    hand.choose("[name=pledges-5-kind]", PledgeKind.objects.get(slug="other").pk)


def read_the_review(page: Page) -> None:
    """All that will be public stands on it."""
    for each in (*Pledge.objects.values_list("title", flat=True), *Concern.objects.values_list("text", flat=True)):
        expect(page.locator("main")).to_contain_text(each)


def is_as_written(meeting: Meeting) -> None:
    """The record holds what the document held, and what was said on it."""
    assert (meeting.participants.count(), meeting.concerns.count(), meeting.pledges.count()) == (14, 4, 6)
    told = meeting.participants.exclude(organisation=None).order_by("number").values_list("organisation__slug", "side")
    assert list(told) == [("district", "agency"), ("district", "agency"), ("hay", "civil_society")]
    assert list(meeting.concerns.values_list("theme", flat=True)) == ["theft", "lighting", "drugs", "other"]
    when = list(meeting.pledges.order_by("number").values_list("timing", "rule", "kind__slug"))
    assert when == [
        ("recurring", "FREQ=DAILY", "fixed-presence"),
        ("recurring", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA", "campus-hours"),
        ("not_stated", "", "checkpoint"),
        ("by_date", "", "lighting"),
        ("recurring", "", "follow-up-meeting"),
        ("not_stated", "", "other"),
    ]


def begin_and_paste(hand: Hand, minutes: Minutes, cast: Cast, language: str) -> None:
    """A subject, a day, a host, a place; and the three lists of the document, each where it belongs."""
    hand.fill("[name=title]", "اللقاء")
    hand.fill("[name=held_on]", typed(timezone.localdate() - timedelta(days=3)))
    hand.choose("[name=host]", cast.agency.pk)
    hand.press(f"[name=neighbourhoods][value='{cast.neighbourhood.pk}']")
    names = {"agency": cast.agency.name_in(language), "association": cast.association.name_in(language)}
    texts = {
        "participants": minutes.participants.format(**names),
        "concerns": minutes.concerns,
        "pledges": minutes.pledges,
    }
    for section, text in texts.items():
        hand.press(f"#paste-{section} > summary")
        hand.fill(f"[name={section}-pasted]", text)


def read_what_was_suggested(page: Page, minutes: Minutes, cast: Cast) -> None:
    """The first new row has the focus; a suggestion says its word, and what was not known is empty."""
    expect(page.locator("#id_pledges-0-title")).to_be_focused()
    expect(page.locator("#id_pledges-0-title")).to_be_in_viewport()
    expect(page.locator("#id_pledges-0-kind_helptext")).to_contain_text(minutes.word)
    expect(page.locator("#id_pledges-3-responsible")).to_have_value(str(cast.other_agency.pk))
    expect(page.locator("#id_pledges-5-kind")).to_have_value("")
    expect(page.locator("#id_pledges-5-kind_helptext")).to_have_count(0)
    for section in ("participants", "concerns", "pledges"):
        expect(page.locator(f"[name={section}-pasted]")).to_have_value("")
    assert tuple(Pledge.objects.order_by("number").values_list("kind__slug", flat=True)) == minutes.kinds
