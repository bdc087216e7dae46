"""The search box in a real browser: suggestions as one types, by keyboard alone, and without script."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import homes

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a small graph."""
    home = homes.small(tmp_path_factory.mktemp("browser") / "home")
    command = [sys.executable, "-m", "zorgkg", "serve", "--home", str(home.path), "--port", "0"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    yield next(found[1] for line in process.stderr if (found := re.search(r"serves on (http://\S+)", line)))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("ZORGKG_REQUIRE_BROWSER") == "1":
            pytest.fail("the tests in a browser need Chromium")
        pytest.skip("the tests in a browser need Chromium")
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which anything that goes wrong, or that the content policy refuses, fails the test."""
    page = browser.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    page.close()
    assert wrong == []


def test_suggestions_come_as_one_types_and_are_chosen_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=nl")
    box = page.get_by_role("combobox", name="Zoek in alles")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("westvelt")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("Westveld")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox", name="Suggesties")).to_be_visible()
    box.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    box.press("Enter")
    page.wait_for_url(re.compile("/doc/.*lang=nl"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Westveld")


def test_escape_closes_the_list_and_keeps_the_text(page: Page, address: str) -> None:
    page.goto(address)
    box = page.get_by_role("combobox")
    box.press_sequentially("malle")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(box).to_have_value("malle")
    box.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q=malle"))
    expect(page.locator("ol.found li").first).to_contain_text("Malle")


def test_arrows_go_round_through_the_box(page: Page, address: str) -> None:
    page.goto(address)
    box = page.get_by_role("combobox")
    box.press_sequentially("malle")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)


def test_a_suggestion_is_chosen_by_pointer_too(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("combobox").press_sequentially("malle")
    page.get_by_role("option").first.click()
    page.wait_for_url(re.compile("/doc/"))


def test_only_the_kind_that_is_chosen_is_suggested(page: Page, address: str) -> None:
    page.goto(f"{address}/search?lang=en")
    page.get_by_label("Kind").select_option("municipality")
    page.get_by_role("combobox", name="Search everything").press_sequentially("malle")
    suggestions = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(suggestions.first).to_contain_text("Malle")
    assert {one.inner_text().split()[-1] for one in suggestions.all()} == {"municipality"}


def test_it_works_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/?lang=fr")
    page.get_by_role("searchbox", name="Chercher partout").fill("westvelt")
    page.get_by_role("search", name="Chercher partout").get_by_role("button").click()
    page.wait_for_url(re.compile("/search.*lang=fr"))
    page.locator("ol.found a").first.click()
    page.wait_for_url(re.compile("/doc/.*lang=fr"))
    context.close()
