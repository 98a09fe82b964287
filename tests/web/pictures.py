"""Take the pictures of the page in docs/images, and record it: python tests/web/pictures.py."""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from serving import serving

from qa_bot import QABot

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
DESKTOP, PHONE, RECORDED = (1280, 800), (390, 844), (1024, 640)
QUESTION = "How much will the new bridge cost?"
UNTOLD = "Will the bridge builders be fined for finishing late?"
FRAME_MS, HOLD = 120, 1_600
COLOURS = 96


def page_of(browser: Browser, address: str, size: tuple[int, int], scheme: str = "light") -> Page:
    """Return the page of a program, ready for the first question."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    page = context.new_page()
    page.set_default_timeout(90_000)
    page.goto(address)
    page.wait_for_selector(".qb-front[data-told]")
    return page


def ask(page: Page, question: str) -> None:
    """Ask a question and wait for the whole card."""
    page.fill("#qb-question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".qb-foot")
    page.wait_for_timeout(500)


def open_source(page: Page) -> None:
    """Open the article of the first citation."""
    page.locator(".qb-chip").first.click()
    page.wait_for_selector(".qb-article mark")
    page.wait_for_timeout(600)


def take_pictures(browser: Browser, address: str) -> None:
    """Write the pictures."""
    page = page_of(browser, address, DESKTOP)
    ask(page, QUESTION)
    open_source(page)
    page.screenshot(path=IMAGES / "answer.png")
    page = page_of(browser, address, DESKTOP, "dark")
    ask(page, "What happened with the harbour gate and the flood?")
    page.screenshot(path=IMAGES / "dark.png")
    for name, question in (("phone", "Who is Piet Haldane?"), ("refusal", UNTOLD)):
        page = page_of(browser, address, PHONE)
        ask(page, question)
        page.screenshot(path=IMAGES / f"{name}.png")


class Recording:
    """Frames of a page with the time that each is shown, in ms."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frames: list[Image.Image] = []
        self._times: list[int] = []

    def frame(self, shown_ms: int = FRAME_MS) -> None:
        """Add the page as it is; a page that did not change lengthens the last frame."""
        image = Image.open(io.BytesIO(self._page.screenshot())).convert("RGB")
        if self._frames and image.tobytes() == self._frames[-1].tobytes():
            self._times[-1] += shown_ms
            return
        self._frames.append(image)
        self._times.append(shown_ms)

    def save(self, path: Path) -> None:
        """Write the frames as one GIF, with the colours of the last frame but one: the article."""
        palette = self._frames[-2].quantize(COLOURS)
        few = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in self._frames]
        few[0].save(path, save_all=True, append_images=few[1:], duration=self._times, loop=0)


def record(browser: Browser, address: str) -> None:
    """Record a question, its citation and the article."""
    page = page_of(browser, address, RECORDED)
    recording = Recording(page)
    recording.frame(HOLD)
    box = page.locator("#qb-question textarea")
    for start in range(0, len(QUESTION), 4):
        box.press_sequentially(QUESTION[start : start + 4])
        recording.frame()
    page.keyboard.press("Enter")
    while not page.locator(".qb-foot").count():
        recording.frame()
    page.wait_for_timeout(300)
    recording.frame(2 * HOLD)
    page.locator(".qb-chip").first.hover()
    page.wait_for_timeout(400)
    recording.frame(2 * HOLD)
    open_source(page)
    recording.frame(2 * HOLD)
    page.keyboard.press("n")
    page.wait_for_timeout(600)
    recording.frame(2 * HOLD)
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    recording.frame(HOLD)
    recording.save(IMAGES / "recording.gif")


def main() -> None:
    """Serve the sample articles and take everything."""
    with tempfile.TemporaryDirectory() as folder:
        QABot.build(index=folder).close()
        with serving(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            take_pictures(browser, address)
            record(browser, address)
            browser.close()


if __name__ == "__main__":
    main()
