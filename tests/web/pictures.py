"""Take the pictures of the documentation from the real page: ``python tests/web/pictures.py``."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from serving import serving

from qa_bot import QABot

HERE = Path(__file__).parents[2] / "docs" / "images"
MAYOR, NOWHERE = "Who was elected mayor of Saltmere?", "What is the capital of Australia?"
SHOTS = (
    ("answer", (1280, 800), "light", MAYOR, True),
    ("dark", (1280, 800), "dark", "When will the new bridge open?", True),
    ("phone", (390, 844), "light", MAYOR, False),
    ("refusal", (1280, 800), "light", NOWHERE, False),
)


def main() -> None:
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        QABot.build(index=Path(folder) / "index").close()
        chromium = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with serving(Path(folder) / "index") as address:
            for name, (width, height), scheme, question, opened in SHOTS:
                size = {"width": width, "height": height}
                page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
                page.goto(address)
                page.wait_for_load_state("networkidle")
                page.fill("#qb-question textarea", question)
                page.keyboard.press("Enter")
                page.locator(".qb-foot").wait_for()
                if opened:
                    page.locator(".qb-text .qb-chip").first.click()
                    page.wait_for_selector("mark.qb-active")
                page.wait_for_timeout(500)
                page.screenshot(path=HERE / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
