"""Names are found as one types, by touch and from the keyboard alone, and a missing one is added within the draft."""

from urllib.parse import unquote

from playwright.sync_api import expect

from meetings.models import Meeting, Neighbourhood, Organisation
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.test_main_job import Axe, Visit
from tests.cast import Cast
from tests.factories import NeighbourhoodFactory, OrganisationFactory, TerritoryFactory


def test_names_are_found_by_a_few_letters_and_a_missing_one_is_added_from_within_the_draft(
    open_page: OpenPage, axe: Axe, cast: Cast
) -> None:
    Organisation.objects.bulk_create(
        Organisation(slug=f"a-{number}", kind="police", name_ar=f"دائرة {number}", name_fr=f"A {number}", folded="a")
        for number in range(80)
    )
    azrou = OrganisationFactory.create(name_ar="منطقة أمن أزرو", name_fr="Zone de sûreté d’Azrou", name_en="")
    place = NeighbourhoodFactory.create(
        name_ar="حيّ الأطلس", name_fr="Atlas", name_en="", territory=TerritoryFactory.create()
    )
    by_touch(Visit(open_page(screen=PHONE), "ar", axe), cast, azrou, place)
    by_keyboard(Visit(open_page(screen=DESK, scheme="dark"), "fr", axe), cast, azrou)


def by_touch(visit: Visit, cast: Cast, azrou: Organisation, place: Neighbourhood) -> None:
    """On a phone, by finger: an agency and a neighbourhood are found, an association is added to a half-typed draft."""
    page = visit.page
    visit.sign_in(cast.manager)
    visit.go("/workspace/meetings/new/")
    page.fill("[name=title]", "الإنارة والدور")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(unquote(request.post_data or "")))
    page.fill("[name=host_name]", "ازرو")
    page.evaluate("dispatchEvent(new Event('online'))")  # what waits to be saved is sent at once
    page.get_by_role("option", name="منطقة أمن أزرو").tap()
    expect(page.locator("[name=host]")).to_have_value(str(azrou.pk))
    expect(page.locator(".saving")).to_have_attribute("data-state", "saved")
    assert [each for each in sent if "host_name=ازرو" in each] == [], "a half-typed name was sent to be saved"
    page.fill("[name=another_neighbourhood_name]", "الاطلس")
    page.get_by_role("option", name="حيّ الأطلس").tap()
    expect(page.get_by_label("حيّ الأطلس · آيت ملول")).to_be_checked()
    page.locator("#participant-1 > summary").tap()
    page.fill("[name=participants-0-organisation_name]", "جمعية الورد")
    visit.axe(page)
    page.get_by_role("option", name="إضافة «جمعية الورد»").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[name=name_ar]")).to_have_value("جمعية الورد")
    dialog.locator("[name=kind]").select_option("association")
    dialog.locator("[name=commune_name]").fill("ايت مل")
    dialog.get_by_role("option", name="آيت ملول · إنزكان-آيت ملول").first.tap()
    visit.axe(page)
    dialog.get_by_role("button", name=visit.words("Add the organisation")).tap()
    expect(dialog).to_have_count(0)
    added = Organisation.objects.get(name_ar="جمعية الورد")
    expect(page.locator("[name=participants-0-organisation]")).to_have_value(str(added.pk))
    visit.look()
    page.locator("main button[type=submit]:visible").last.tap()
    visit.look()
    meeting = Meeting.objects.get()
    assert (meeting.title, meeting.host, meeting.neighbourhoods.get()) == ("الإنارة والدور", azrou, place)
    assert (meeting.participants.get().organisation, added.is_verified) == (added, False)


def by_keyboard(visit: Visit, cast: Cast, azrou: Organisation) -> None:
    """At a desk, without a mouse: Latin letters, arrows, Escape, Enter; a name is written out and sent as it stands."""
    page, keyboard = visit.page, visit.page.keyboard
    visit.sign_in(cast.secretary)
    visit.go("/workspace/meetings/new/")
    page.focus("[name=held_on]")
    keyboard.press("Tab")
    host = page.locator("[name=host_name]")
    expect(host).to_be_focused()
    page.context.set_offline(True)
    keyboard.type("A 17")
    expect(page.locator("[role=option]:visible")).to_have_text(["A 17"])
    expect(page.get_by_role("status").filter(has_text="Pas de connexion")).to_have_count(1)
    page.context.set_offline(False)
    keyboard.press("ControlOrMeta+a")
    keyboard.type("azrou")
    expect(host).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="1 résultat")).to_have_count(1)
    keyboard.press("Escape")
    expect(host).to_have_attribute("aria-expanded", "false")
    expect(host).to_have_value("azrou")
    keyboard.press("ArrowDown")
    expect(page.locator("[role=option]:visible")).to_have_count(2)
    keyboard.press("End")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowUp")
    keyboard.press("ArrowDown")
    expect(page.locator("[role=option].is-active")).to_contain_text("Azrou")
    visit.look()
    keyboard.press("Enter")
    expect(host).to_have_value("Zone de sûreté d’Azrou")
    expect(page.locator("[name=host]")).to_have_value(str(azrou.pk))
    page.focus("[name=title]")
    keyboard.press("Enter")
    visit.look()
    expect(page.locator("[name=host_name]")).to_have_value("Zone de sûreté d’Azrou")
    assert Meeting.objects.get(logged_by=cast.association, created_by=cast.secretary).host == azrou
