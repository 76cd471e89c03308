"""A real Chromium for the stories.

`open_page(screen=PHONE, scheme="dark")` opens a page in a context of its own; when the test ends, every request that
any of them made must have gone to the live server. The fixtures `screen` and `scheme` run a story at each width and in
each colour scheme.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from commitments.kinds import ensure_kinds
from commitments.models import PledgeKind
from tools import browser as chromium

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Screen:
    """How large a screen is, in CSS pixels, and whether fingers use it."""

    name: str
    width: int
    height: int
    touch: bool = False


PHONE = Screen("phone", 390, 844, touch=True)
DESK = Screen("desk", 1280, 900)


class OpenPage(Protocol):
    """Open a page; keyword arguments beyond these go to Playwright's `new_context`."""

    def __call__(self, *, screen: Screen = ..., scheme: Scheme = ..., **options: Any) -> Page: ...


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder is a story in a browser."""
    here = os.path.dirname(__file__)
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all stories of this process."""
    # Playwright keeps an event loop in this thread, from which Django would refuse to reach the database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        running = playwright.chromium.launch(executable_path=chromium.ensure(), args=chromium.FLAGS)
        yield running
        running.close()


@pytest.fixture(params=[PHONE, DESK], ids=lambda screen: screen.name)
def screen(request: pytest.FixtureRequest) -> Screen:
    """Each width in turn."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    """Each colour scheme in turn."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def open_page(browser: Browser, live_server: Any, flushable: None) -> Iterator[OpenPage]:
    """Opens pages against the live server, relative addresses included; see the module's docstring."""
    ensure_kinds(PledgeKind)  # the flush after the story before took them
    contexts: list[BrowserContext] = []
    requested: list[str] = []

    def open_(*, screen: Screen = DESK, scheme: Scheme = "light", **options: Any) -> Page:
        context = browser.new_context(
            **{
                "base_url": live_server.url,
                "viewport": {"width": screen.width, "height": screen.height},
                "has_touch": screen.touch,
                "is_mobile": screen.touch,
                "color_scheme": scheme,
                "locale": "ar-MA",
                "timezone_id": "Africa/Casablanca",
                "reduced_motion": "reduce",
            }
            | options
        )
        context.set_default_timeout(10_000)
        context.on("request", lambda request: requested.append(request.url))
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()
    strangers = [url for url in requested if not url.startswith((f"{live_server.url}/", "data:", "blob:"))]
    assert strangers == [], "a page asked somebody else"


@pytest.fixture
def page(open_page: OpenPage, screen: Screen, scheme: Scheme) -> Page:
    """A page at each width and in each colour scheme."""
    return open_page(screen=screen, scheme=scheme)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Asserts that a page breaks no rule of axe-core.

    The script comes from the wheel and goes in through the debugging protocol, which the page's
    Content-Security-Policy does not touch; so the stories run under the policy as it is served.
    """
    rules = Axe()

    def assert_accessible(page: Page) -> None:
        results = rules.run(page, options={"resultTypes": ["violations"]})  # what passes need not be told
        assert results.violations_count == 0, results.generate_report()

    return assert_accessible
