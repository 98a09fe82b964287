"""The real program, served in a process of its own."""

import os
import shutil
from pathlib import Path

import pytest
from serving import serving

from qa_bot import QABot

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def served_index(tmp_path_factory):
    """The folder of the index that is served."""
    index = tmp_path_factory.mktemp("server") / "index"
    QABot.build(index=index).close()
    return index


@pytest.fixture(scope="session")
def server(served_index):
    """The address of the real program."""
    with serving(served_index, "--allow-private") as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    """A real browser."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
