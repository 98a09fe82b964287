"""Compare eight pictures of the page with golden ones; UPDATE_GOLDEN=1 takes them anew.

The pictures are shrunk until only the layout and the colours are left: fonts differ between
machines, and no text can be read. A block that moves, vanishes or changes its colour is seen.
"""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.slow, pytest.mark.browser]
GOLDEN = Path(__file__).with_name("pictures")
SHRUNK = 16  # pixels of the page for one of the picture, in each direction
TOLERANCE = 12  # of 255: largest mean difference of a tenth of the picture
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
# Answered by rules, so that no model's weights move the picture.
QUESTION = "Who is Piet Haldane?"


def shrunk(picture):
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    return image.resize((image.width // SHRUNK, image.height // SHRUNK), Image.Resampling.BOX)


def difference(one, other):
    """The mean difference of the tenth of the rows in which two pictures differ most."""
    rows = np.abs(np.asarray(one, float) - np.asarray(other, float)).mean(axis=(1, 2))
    return np.sort(rows)[-max(1, len(rows) // 10) :].mean()


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.mark.parametrize("size", SIZES)
def test_page_looks_as_before(chromium, server, size, scheme):
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(server)
    page.wait_for_selector(".qb-front[data-told]")
    page.wait_for_timeout(500)
    taken = {"front": shrunk(page.screenshot())}
    page.fill("#qb-question textarea", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".qb-foot")
    page.wait_for_timeout(500)
    taken["answer"] = shrunk(page.screenshot())
    context.close()
    for view, picture in taken.items():
        path = GOLDEN / f"{view}-{size}-{scheme}.png"
        if os.environ.get("UPDATE_GOLDEN"):
            picture.save(path)
        assert difference(picture, Image.open(path)) <= TOLERANCE


def test_difference_sees_a_block_that_moved_or_changed_its_colour():
    before = Image.new("RGB", (80, 50), (250, 250, 246))
    moved, recoloured = before.copy(), before.copy()
    before.paste((20, 60, 140), (10, 10, 60, 14))
    moved.paste((20, 60, 140), (10, 20, 60, 24))
    recoloured.paste((200, 60, 40), (10, 10, 60, 14))
    assert difference(before, moved) > TOLERANCE
    assert difference(before, recoloured) > TOLERANCE
    assert difference(before, before) == 0
