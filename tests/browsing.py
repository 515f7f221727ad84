"""A real browser for tests: pages that fail on any error the browser reports, and the check of accessibility."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from config.assets import chromium, npm

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The page is looked at from its top, once it has come and gone to the part that its address names: further down the
# bar at the top may cover half a link. What is on its way in or out has colours of neither; what turns for ever is
# not waited for.
STILL = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    if (document.readyState !== "complete") await new Promise((come) => addEventListener("load", come, { once: true }));
    await frame();
    await frame();
    scrollTo({ top: 0, behavior: "instant" });
    await Promise.all(
        document.getAnimations()
            .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime))
            .map((each) => each.finished.catch(() => null))
    );
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESK = {"width": 1440, "height": 960}
MISSING = "NO BROWSER, so no test of a page: install chromium, let CHROMIUM name one, or run make setup-browser."


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium for the whole run. Without one its tests are skipped, or fail where CI is set."""
    found = chromium.find()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    # The driver keeps an event loop in this thread; Django would take that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(npm.node())
    with sync_playwright() as driver:
        launched = driver.chromium.launch(
            executable_path=found.program, args=list(found.arguments), env={**os.environ, **found.environment}
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A page of a fresh Korean browser; the test fails on errors left in `page.hannun_errors` at its end.

    They are scripts' errors, messages of the console at level error, among them refusals by the content security
    policy and answers of status 400 and above. A test that provokes one clears the list.
    """
    context = browser.new_context(viewport=DESK, locale="ko-KR", timezone_id="Asia/Seoul")
    opened = context.new_page()
    opened.hannun_errors = []
    opened.on("pageerror", lambda error: opened.hannun_errors.append(str(error)))
    opened.on("console", lambda said: said.type == "error" and opened.hannun_errors.append(said.text))
    yield opened
    errors = list(opened.hannun_errors)
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def axe() -> Callable[["Page"], None]:
    """A function that fails unless the page keeps the rules of WCAG 2.2 at levels A and AA that axe can check."""
    from axe_playwright_python.sync_playwright import Axe

    engine = Axe()

    def assert_accessible(opened: "Page") -> None:
        opened.evaluate(STILL)
        violations = engine.run(opened, options={"runOnly": RULES}).response["violations"]
        found = [
            f"{rule['id']}: {node['html'][:160]} {node['any'][:1]}" for rule in violations for node in rule["nodes"]
        ]
        assert not found, "\n".join(found)

    return assert_accessible
