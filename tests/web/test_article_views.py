"""An article with its quotes marked, and the list of all articles."""

import re
from datetime import date
from functools import partial
from html import escape, unescape

import pytest
from forms import ENTRY, HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from making import make_article

from qa_bot.datatypes import Coverage, Entry, Published, Span
from qa_bot.question import Starter
from qa_bot.web import article_views, collection_views
from qa_bot.web.filter_form import FilterForm

SHELF_TAGS = {
    "div", "h2", "figure", "svg", "rect", "title", "figcaption", "span", "label", "input", "p",
    "ul", "li", "button", "h3", "form",
}  # fmt: skip
PANEL_TAGS = {"article", "div", "h2", "p", "mark", "a", "details", "summary"}


def tags(html):
    return {tag.lower() for tag in re.findall(r"<\s*([a-zA-Z][a-zA-Z0-9]*)", html)}


@given(st.text(min_size=5, max_size=40) | st.just(HOSTILE))
def test_articles_are_only_text(words):
    article = make_article(words, words, title=words, publisher=words, url=words)
    entry = Entry(words, words, words, ENTRY.published, 3)
    panel = article_views.article_panel(article, [Span(0, 5)], Span(0, 5))
    adding = collection_views.Adding(words, addresses=True)
    shelf = collection_views.article_list([entry], frozenset([words]), words, adding)
    assert tags(panel) <= PANEL_TAGS
    assert tags(shelf) <= SHELF_TAGS
    assert unescape(re.search(r"<h2[^>]*>(.*?)</h2>", panel, re.DOTALL)[1]) == words
    assert unescape(re.search(r'name="find" value="([^"]*)"', shelf)[1]) == words
    assert "evil" not in "".join(re.findall(r'(?:src|href|style)="[^"]*"', panel + shelf))


@given(st.text(min_size=1, max_size=60), st.data())
def test_marks_are_exactly_the_cited_words(text, data):
    position = st.integers(0, len(text))
    spans = [Span(*sorted((data.draw(position), data.draw(position)))) for _ in range(3)]
    panel = article_views.article_panel(make_article(text=text), spans, spans[0])
    body = panel.split('<div class="qb-body">', 1)[1].removesuffix("</div></article>")
    folded = r"<details[^>]*><summary>[^<]*</summary>|</details>|</?mark[^>]*>"
    assert unescape(re.sub(folded, "", body)) == unescape(escape(text))
    marked = [unescape(m) for m in re.findall(r"<mark[^>]*>(.*?)</mark>", body, re.DOTALL)]
    allowed = {unescape(escape(text[span.start : span.end])) for span in spans}
    assert set(marked) <= allowed


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.example/a", "x.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//x.example", None),
        ("https://пример.example/", "xn--e1afmkfd.example"),
        ("http://[bad", None),
        ("https://evil.example\\@bbc.example/", None),
        ("https://bbc.example@evil.example/", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_links_and_their_host_is_shown(url, shown):
    panel = article_views.article_panel(make_article(url=url), [], None)
    assert ("<a " in panel) == (shown is not None)
    if shown:
        assert f">{shown}</a>" in panel and 'rel="noopener noreferrer nofollow"' in panel


def test_timeline_holds_every_dated_article():
    entries = [
        Entry(f"a{n}", "T", None, Published(date(2021, 1 + n % 12, 1)), 1) for n in range(30)
    ] + [Entry("undated", "T", None, None, 1)]
    plot = collection_views.article_list(entries, frozenset())
    held = [one for ids in re.findall(r'data-ids="([^"]*)"', plot) for one in ids.split()]
    assert sorted(held) == sorted(f"a{n}" for n in range(30))
    assert 'aria-label="30 articles from 1 January 2021 to 1 December 2021"' in plot
    assert "<svg" not in collection_views.article_list(entries[30:], frozenset())


def test_list_finds_by_title_publisher_and_date():
    entries = [
        Entry("a", "Ferry sinks", "Wire", Published(date(2021, 3, 3)), 2),
        Entry("b", "Bridge shut", "Courier", None, 1),
    ]
    for words, found in (("ferry wire", "1 of 2"), ("march 2021", "1 of 2"), ("x", "0 of 2")):
        assert f"{found} articles" in collection_views.article_list(entries, frozenset(), words)
    by_text = collection_views.article_list(entries, frozenset(), "x", in_text=frozenset("b"))
    assert "1 of 2 articles" in by_text and "Bridge shut" in by_text


def test_list_has_only_articles_within_the_filters():
    entries = [
        Entry("a", "Ferry sinks", "Wire", Published(date(2021, 3, 3)), 2),
        Entry("b", "Bridge shut", "Courier", Published(date(2021, 3, 1), "month"), 1),
        Entry("c", "Dome reopens", "Wire", None, 1),
    ]
    shelf = partial(collection_views.article_list, entries, frozenset())
    since = shelf(form=FilterForm(since="2021-03-02"))
    assert "1 of 3 articles, only those from 2 March 2021<" in since and "Ferry sinks" in since
    assert "2 of 3 articles, only those of wire<" in shelf(form=FilterForm(publisher="wire"))
    assert "2 of 3 articles" in shelf(form=FilterForm(until="2021-03-31"))
    assert "1 of 3 articles" in shelf("bridge", form=FilterForm(as_of="2021-03-31"))
    nothing = shelf("bridge", form=FilterForm(as_of="2021-01-31", publisher="Courier"))
    assert "only those known by 31 January 2021, of Courier" in nothing
    assert "outlet or date and is within the filters in force." in nothing
    with pytest.raises(ValueError, match="write a day like"):
        shelf(form=FilterForm(since="soon"))


def test_list_is_by_month_the_newest_first():
    days = ("2021-03-03", "2021-02-09", "2021-03-01", None)
    entries = [
        Entry(f"a{n}", f"T{n}", "Wire", Published(date.fromisoformat(day)) if day else None, 1)
        for n, day in enumerate(days)
    ] + [Entry("y", "TY", None, Published(date(2019, 1, 1), "year"), 1)]
    shelf = collection_views.article_list(entries, frozenset())
    parts = re.findall(r"<h3>([^<]*)</h3>|>(T\w)</button>", shelf)
    order = ["March 2021", "T0", "T2", "February 2021", "T1", "2019", "TY", "Undated", "T3"]
    assert [month or title for month, title in parts] == order


def test_a_long_list_says_how_many_more_there_are():
    entries = [Entry(f"a{n}", "T", None, None, 1) for n in range(1300)]
    shelf = collection_views.article_list(entries, frozenset())
    assert "1,300 of 1,300 articles" in shelf and "and 1,100 more: search for them" in shelf
    assert shelf.count("<li>") == collection_views.SHOWN


def test_only_ones_own_articles_can_be_removed():
    entries = [Entry("a", "A", None, None, 1), Entry("b", "B", None, None, 1)]
    shown = collection_views.article_list(entries, frozenset(["b"]))
    assert re.findall(r'data-remove="([^"]*)"', shown) == ["b"]


FRONT = "---\ntitle: Ferry\ninvented: true\n---\n\n"
FILE = f"{FRONT}# Ferry\n\nIt sank.\n\nRelated articles\n\nIt rained."


def test_panel_folds_what_is_no_news():
    article = make_article(text=FILE, title="Ferry", publisher="Wire", published="2021-06-16")
    panel = article_views.article_panel(article)
    head, body = panel.split('<div class="qb-body">')
    assert '<p class="qb-kicker">Wire</p>' in head and "16 June 2021 · invented" in head
    assert "Date stated by the file." in head
    folds = re.findall(r"<details[^>]*><summary>([^<]*)</summary>(.*?)</details>", body, re.DOTALL)
    assert [name for name, _ in folds] == ["Details of the file", "Lines of the page"]
    assert "# Ferry" in folds[0][1] and "It sank." not in folds[0][1]


def test_fold_with_a_quote_is_open():
    start = FILE.index("Related")
    cited = Span(start, start + 7)
    panel = article_views.article_panel(make_article(text=FILE, title="Ferry"), [cited], cited)
    assert '<details class="qb-folded" open><summary>Lines of the page' in panel
    assert '<details class="qb-folded"><summary>Details of the file' in panel


def test_panel_names_corrections_and_copies():
    article = make_article(text="It cost €9.\n\nCorrection: it cost €7, not €9.")
    panel = article_views.article_panel(article, copies=[ENTRY])
    assert '<p class="qb-notes">Correction: it cost €7, not €9.</p>' in panel
    assert "The same story: <button" in panel and "16 June 2021" in panel


def test_new_articles_are_those_that_came_after_one_the_last_first():
    entries = [Entry(f"a{n}", f"T{n}", None, None, 1, key=n) for n in (3, 1, 2)]
    shown = collection_views.new_articles(entries, after=1)
    assert (
        re.findall(r">(T\d)<", shown) == ["T3", "T2"] and "2 articles are new or changed" in shown
    )
    assert "1 article is new or changed since" in collection_views.new_articles(entries, after=2)
    assert collection_views.new_articles(entries, after=3) == ""
    many = [Entry(f"a{n}", "T", None, None, 1, key=n) for n in range(20)]
    assert "and 11 more" in collection_views.new_articles(many, after=0)


def test_front_page_says_what_there_is_to_ask():
    entries = [
        Entry(f"a{n}", "T", f"Paper {n % 6}", Published(date(2021, 3, 1 + n)), 1) for n in range(20)
    ]
    coverage = Coverage(20, date(2021, 3, 1), date(2021, 3, 20))
    starters = [Starter("Who <won>?", "a1", None), Starter("Gone?", "gone", None)]
    page = collection_views.front_page(coverage, entries, starters)
    assert "20 articles, 1 Mar – 20 Mar 2021, from Paper 0 (4)" in page and ", 2 more." in page
    assert re.findall(r'data-ask="([^"]*)"', page) == ["Who &lt;won&gt;?"]
    assert "Paper 1 · 2 March 2021" in page and "<svg" in page
    for n, words in ((1, "One of them is"), (5, "5 of them are"), (20, "All are"), (0, None)):
        page = collection_views.front_page(coverage, entries, [], n_invented=n)
        assert f"{words} invented, as examples." in page if words else "invented" not in page
    empty = collection_views.front_page(Coverage(0, None, None), [], [])
    assert "0 articles." in empty and "<svg" not in empty
