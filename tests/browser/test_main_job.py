"""The main job, from a blank draft to what a resident reads: three people, each with a browser of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from commitments.models import Pledge, PledgeKind
from tests.browser.conftest import DESK, PHONE, OpenPage, Scheme, Screen
from tests.cast import Cast
from tests.factories import PASSWORD

Axe = Callable[[Page], None]

# Both languages, widths and colour schemes; in French at a desk test_pasting.py goes the same way.
RUNS = [
    pytest.param("ar", PHONE, "light", id="ar-phone-light"),
    pytest.param("ar", DESK, "dark", id="ar-desk-dark"),
    pytest.param("fr", PHONE, "dark", id="fr-phone-dark"),
]


@dataclass(frozen=True)
class Words:
    """What is typed, in the language of the story: a subject and five pledges with their kinds and timing."""

    subject: str
    venue: str
    role: str
    concern: str
    request: str
    pledges: tuple[str, str, str, str, str]
    not_said: str
    kept: str
    disputed: str


WORDS = {
    "ar": Words(
        subject="الوضعية الأمنية بالحي",
        venue="مقر منطقة الأمن",
        role="رئيس منطقة الأمن",
        concern="تكرّر السرقات قرب القطب الجامعي",
        request="تكثيف الدوريات مساء",
        pledges=(
            "الرفع من عدد الحملات الأمنية",
            "حملات في أوقات دخول الطلبة وخروجهم",
            "إقامة سدّ أمني بمدخل الحي",
            "إقامة سدّ أمني قرب السوق",
            "إبقاء المكتب مفتوحا أمام الجمعيات",
        ),
        not_said="قلنا إننا سندرس الأمر، ولم نحدّد مكانا.",
        kept="المكتب مفتوح كلّ صباح من الاثنين إلى الجمعة.",
        disputed="زرنا المكتب ثلاث مرّات ووجدناه مغلقا.",
    ),
    "fr": Words(
        subject="La sécurité dans le quartier",
        venue="Siège du district de sûreté",
        role="Chef du district de sûreté",
        concern="Des vols répétés près du pôle universitaire",
        request="Des patrouilles plus nombreuses le soir",
        pledges=(
            "Augmenter le nombre des campagnes de sécurité",
            "Des campagnes aux heures d’entrée et de sortie des étudiants",
            "Un barrage de contrôle à l’entrée du quartier",
            "Un barrage de contrôle près du marché",
            "Garder le bureau ouvert aux associations",
        ),
        not_said="Nous avons dit que nous l’étudierions, sans préciser le lieu.",
        kept="Le bureau est ouvert chaque matin, du lundi au vendredi.",
        disputed="Nous sommes passés trois fois, le bureau était fermé.",
    ),
}
KINDS = ("security-campaign", "campus-hours", "checkpoint", "checkpoint", "open-door")
TIMINGS = ("not_stated", "recurring", "by_date", "not_stated", "ongoing")


@dataclass
class Visit:
    """One person's browser: addresses in the language of the story, and the controls by the words they bear."""

    page: Page
    language: str
    axe: Axe

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(path if self.language == "ar" else f"/{self.language}{path}")

    def words(self, message: str) -> str:
        """A sentence of the interface, as this person reads it."""
        with translation.override(self.language):
            return gettext(message)

    def press(self, message: str) -> None:
        """Press the button of this name, and see that the page it leads to breaks no rule."""
        self.page.get_by_role("button", name=self.words(message), exact=True).last.click()
        self.look()

    def add(self, message: str) -> None:
        """Press the button that adds a row in place: the same page, held to the rules when all is filled in."""
        self.page.get_by_role("button", name=self.words(message), exact=True).last.click()

    def follow(self, link: Locator) -> None:
        """Follow a link, and see that the page breaks no rule and fits the screen."""
        link.click()
        self.look()

    def look(self) -> None:
        """Hold the page to the accessibility rules, to the language and to the width of the screen."""
        self.page.wait_for_load_state()
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"too wide: {self.page.url}"
        self.axe(self.page)

    def sign_in(self, user: User) -> None:
        """Sign in, which leads to this person's desk."""
        self.go("/accounts/login/")
        self.look()
        self.page.fill("[name=login]", user.email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.locator("main button[type=submit]").first.click()
        self.look()


def typed(day: date) -> str:
    """A day as people type it: "9 1 2019"."""
    return f"{day.day} {day.month} {day.year}"


@pytest.mark.parametrize(("language", "screen", "scheme"), RUNS)
def test_what_was_promised_is_logged_answered_disputed_and_read(
    language: str, screen: Screen, scheme: Scheme, open_page: OpenPage, axe: Axe, cast: Cast
) -> None:
    def enter() -> Visit:
        return Visit(open_page(screen=screen, scheme=scheme), language, axe)

    words = WORDS[language]
    held_on = timezone.localdate() - timedelta(days=10)
    log_and_publish(enter(), cast, words, held_on)
    answer_each(enter(), cast, words)
    dispute_the_last(enter(), cast, words)
    read_without_an_account(enter(), cast, words)

    said = Pledge.objects.order_by("number").values_list("status", "wording", "assessment")
    assert list(said) == [
        ("acknowledged", "agreed", "not_checked"),
        ("no_answer", "not_answered", "not_checked"),
        ("no_answer", "not_said", "not_checked"),
        ("in_progress", "not_answered", "not_checked"),
        ("kept", "not_answered", "disputed"),
    ]


def log_and_publish(visit: Visit, cast: Cast, words: Words, held_on: date) -> None:
    """An association's manager logs a meeting with five pledges, looks at it as others will, and publishes it."""
    page = visit.page
    visit.sign_in(cast.manager)
    visit.follow(page.get_by_role("link", name=visit.words("Log a meeting")))
    page.fill("[name=title]", words.subject)
    page.fill("[name=held_on]", typed(held_on))
    page.select_option("[name=host]", str(cast.agency.pk))
    page.fill("[name=venue]", words.venue)
    page.check(f"[name=neighbourhoods][value='{cast.neighbourhood.pk}']")
    open_row(page, "participants-0-role")
    page.fill("[name=participants-0-role]", words.role)
    page.select_option("[name=participants-0-side]", "agency")
    open_row(page, "concerns-0-text")
    page.fill("[name=concerns-0-text]", words.concern)
    page.fill("[name=concerns-0-request]", words.request)
    visit.add("Add a concern or request")
    for number, title in enumerate(words.pledges):
        if number:
            visit.add("Add a pledge")
        write_pledge(visit, cast, number, title, held_on)
    visit.look()
    visit.press("Review and publish")
    for title in words.pledges:
        expect(page.locator("main")).to_contain_text(title)
    assert not Pledge.objects.published().exists()
    with translation.override(visit.language):
        publish = ngettext("Publish %(count)s pledge", "Publish %(count)s pledges", 5) % {"count": 5}
    page.locator("[name=has_read]").first.check()
    page.get_by_role("button", name=publish).first.click()
    visit.look()
    assert Pledge.objects.published().count() == 5


def write_pledge(visit: Visit, cast: Cast, number: int, title: str, held_on: date) -> None:
    """One pledge of the form: what, of which kind, by whom, and when."""
    page, row = visit.page, f"pledges-{number}"
    page.fill(f"[name={row}-title]", title)
    kind = PledgeKind.objects.get(slug=KINDS[number])
    page.select_option(f"[name={row}-kind]", str(kind.pk))
    page.select_option(f"[name={row}-responsible]", str(cast.agency.pk))
    page.select_option(f"[name={row}-timing]", TIMINGS[number])
    if TIMINGS[number] == "by_date":
        page.fill(f"[name={row}-due_on]", typed(held_on + timedelta(days=60)))
    if TIMINGS[number] == "recurring":
        open_row(page, f"{row}-opens_1")
        for weekday in ("MO", "TU", "WE", "TH", "FR", "SA", "SU"):
            page.check(f"[name={row}-weekdays][value={weekday}]")
        page.fill(f"[name={row}-opens_1]", "08:00")
        page.fill(f"[name={row}-closes_1]", "09:00")


def open_row(page: Page, name: str) -> None:
    """Unfold what hides a field, if anything does."""
    field = page.locator(f"[name={name}]")
    if not field.is_visible():
        page.locator("details", has=field).last.locator("> summary").click()


def answer_each(visit: Visit, cast: Cast, words: Words) -> None:
    """An official answers: wording, status, one occurrence, each where it belongs."""
    page = visit.page
    visit.sign_in(cast.official)
    for title in words.pledges:
        expect(page.locator("main")).to_contain_text(title)

    open_pledge(visit, words.pledges[0])
    page.check("[name=wording-wording][value=agreed]")
    visit.press("Publish your word on the wording")
    page.check("[name=status-status][value=acknowledged]")
    visit.press("Publish your answer")

    open_pledge(visit, words.pledges[2])
    page.check("[name=wording-wording][value=not_said]")
    page.fill("[name=wording-text]", words.not_said)
    visit.press("Publish your word on the wording")

    open_pledge(visit, words.pledges[3])
    page.check("[name=status-status][value=in_progress]")
    visit.press("Publish your answer")

    open_pledge(visit, words.pledges[4])
    page.check("[name=status-status][value=kept]")
    page.fill("[name=status-text]", words.kept)
    visit.press("Publish your answer")

    open_pledge(visit, words.pledges[1])
    page.fill("[name=occurrence-day]", typed(timezone.localdate() - timedelta(days=1)))
    page.check("[name=occurrence-outcome][value=carried_out]")
    visit.press("Publish what became of it")


def open_pledge(visit: Visit, title: str) -> None:
    """From the agency's desk to one pledge."""
    visit.go("/inbox/")
    visit.follow(visit.page.get_by_role("link", name=title).first)


def dispute_the_last(visit: Visit, cast: Cast, words: Words) -> None:
    """A member of the association that was there finds otherwise."""
    page = visit.page
    visit.sign_in(cast.secretary)
    visit.follow(page.locator("li", has_text=words.pledges[4]).get_by_role("link").last)
    page.check("[name=assessment-verdict][value=disputed]")
    page.fill("[name=assessment-text]", words.disputed)
    visit.press("Publish what you found")


def read_without_an_account(visit: Visit, cast: Cast, words: Words) -> None:
    """A resident goes from the first page to the neighbourhood and on to a pledge, and reads every voice."""
    page = visit.page
    visit.go("/")
    visit.look()
    with translation.override(visit.language):
        name = cast.neighbourhood.name
    visit.follow(page.get_by_role("link", name=name, exact=True).first)
    for title in words.pledges:
        expect(page.locator("main")).to_contain_text(title)
    visit.follow(page.get_by_role("link", name=words.pledges[4]))
    for voice in (words.kept, words.disputed, "What did residents see?"):
        expect(page.locator("main")).to_contain_text(visit.words(voice))
    expect(page.locator(".timeline > li")).to_have_count(3)
    expect(page.locator(".banner")).to_have_attribute("data-standing", "kept_disputed")

    visit.go("/pledges/")
    visit.look()
    visit.follow(page.get_by_role("link", name=words.pledges[1]))
    expect(page.locator(".heatmap use[href='#cell-reported']")).to_have_count(1)
    visit.go("/pledges/")
    visit.follow(page.get_by_role("link", name=words.pledges[2]))
    expect(page.locator("main")).to_contain_text(words.not_said)
    assert page.context.cookies() == []
