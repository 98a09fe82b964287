"""A person at a real Chromium: asks, clicks a citation, reads; nothing goes outside."""

import os
import shutil
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
QUESTION = "#qb-question textarea"


@pytest.fixture(scope="module")
def chromium():
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["desktop light", "phone dark"])
def page(request, chromium, server):
    """The page just opened; at the end, no request left the machine and no script failed."""
    size = (1440, 900) if "desktop" in request.param else (390, 844)
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=request.param.split()[1],
    )
    opened = context.new_page()
    requests, errors = [], []
    opened.on("request", lambda r: requests.append(r.url))
    opened.on("pageerror", lambda e: errors.append(str(e)))
    opened.goto(server)
    opened.wait_for_selector(QUESTION)
    yield opened
    outside = [u for u in requests if not u.startswith((server, "data:", "blob:"))]
    context.close()
    assert outside == [] and errors == []


def ask(page, question):
    cards = page.locator(".qb-foot").count()
    page.fill(QUESTION, question)
    page.keyboard.press("Enter")
    page.locator(".qb-foot").nth(cards).wait_for()


def test_click_on_a_citation_shows_its_words_marked_and_in_view(page):
    ask(page, "Who was elected mayor of Saltmere?")
    assert "Wołczyk" in page.inner_text(".qb-card")
    quote = page.inner_text(".qb-sources q")
    page.locator(".qb-text .qb-chip").first.click()
    mark = page.wait_for_selector(".qb-body mark.qb-active")
    assert mark.inner_text() == quote
    box, height = mark.bounding_box(), page.viewport_size["height"]
    assert 0 <= box["y"] < height
    assert page.evaluate("document.activeElement.className") == "qb-active"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className").startswith("qb-chip")
    assert not page.is_visible("#qb-panel")


def test_citation_opens_from_the_keyboard(page):
    ask(page, "Who was elected mayor of Saltmere?")
    page.locator(".qb-text .qb-chip").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".qb-body mark.qb-active")


def test_refusal_says_why_and_shows_the_nearest(page):
    ask(page, "What is the capital of Australia?")
    assert page.locator(".qb-refusal").count() == 1
    assert "articles" in page.inner_text(".qb-declined")
    page.locator(".qb-open").first.click()
    page.wait_for_selector(".qb-article h2")


def test_question_with_markup_is_text(page):
    hostile = '<img src="https://evil.example/x" onerror="window.hacked=1"> ![x](//evil.example)'
    ask(page, hostile)
    assert page.inner_text(".qb-question") == hostile
    assert page.evaluate("window.hacked") is None


def test_nothing_overflows_sideways(page):
    ask(page, "Who was elected mayor of Saltmere?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator(QUESTION).bounding_box()
    assert box["y"] + box["height"] <= page.viewport_size["height"]
    middle = box["x"] + box["width"] / 2
    assert abs(middle - page.viewport_size["width"] / 2) < 40
    page.locator(".qb-chip").first.click()
    page.wait_for_selector(".qb-body mark.qb-active")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_second_question_keeps_the_first(page):
    ask(page, "Who was elected mayor of Saltmere?")
    ask(page, "How many homes were evacuated in the flood?")
    assert page.locator(".qb-question").count() == 2
    assert page.locator(".qb-card").count() == 2
