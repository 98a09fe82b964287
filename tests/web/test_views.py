import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import make_article

import qa_bot.export.markdown as markdown
from qa_bot.answer import Answer, Citation, Refusal, RefusalReason, Sentence, Sources
from qa_bot.datatypes import Coverage, Entry, Published, Span
from qa_bot.web import answer_views, article_views

HOSTILE = "<img src=//evil.example onerror=alert(1)>\"'&</div><script>x</script>![x](//evil)"
ENTRY = Entry(HOSTILE, HOSTILE, HOSTILE, Published(date(2021, 6, 16)), 3)
COVERAGE = Coverage(5, date(2021, 5, 5), date(2021, 12, 29))


def make_answer(article, refusal=None):
    citation = Citation(1, article, 0, 4, HOSTILE, HOSTILE, (HOSTILE,), (ENTRY,))
    sentences = () if refusal else (Sentence(f"It {HOSTILE}", (1,)), Sentence("No.", (), False))
    citations = () if refusal else (citation,)
    timings = {"total": 120.0}
    answer = Answer("q", "q", sentences, citations, (), COVERAGE, refusal, timings_ms=timings)
    return answer.to_dict()


def tags(html):
    return {tag.lower() for tag in re.findall(r"<\s*([a-zA-Z][a-zA-Z0-9]*)", html)}


def test_hostile_strings_are_only_text():
    article = make_article(HOSTILE, HOSTILE, title=HOSTILE, publisher=HOSTILE, url=HOSTILE)
    refusal = Refusal(RefusalReason.NOT_ANSWERED, HOSTILE, (article,))
    pages = [
        answer_views.answer_card(make_answer(article)),
        answer_views.answer_card(make_answer(article, refusal), [HOSTILE]),
        article_views.article_list([ENTRY], frozenset([HOSTILE]), HOSTILE, "Files go here."),
        article_views.article_panel(article, [Span(0, 5)], Span(0, 5)),
        answer_views.question_bubble(HOSTILE),
        answer_views.notice(HOSTILE),
        answer_views.partial(HOSTILE),
    ]
    ours = set(
        ["div", "p", "span", "button", "ul", "li", "q", "mark", "h2", "form", "label", "input"]
    )
    ours |= set(["br", "ol", "svg", "rect", "title", "figure", "figcaption", "details", "summary"])
    for page in pages:
        assert tags(page) <= ours
        assert "evil" not in "".join(re.findall(r'(?:src|href|style)="[^"]*"', page))


def test_chip_opens_its_article_at_its_words():
    card = answer_views.answer_card(make_answer(make_article("a/b c", published="2021-06-16")))
    assert 'data-panel="panel?id=a%2Fb%20c&amp;cite=0-4&amp;active=0-4"' in card
    assert 'aria-label="Source 1: Title of a/b c, 16 June 2021, open"' in card


def test_unsupported_sentence_is_marked():
    card = answer_views.answer_card(make_answer(make_article()))
    assert (
        '<span class="qb-unsupported" tabindex="0" title="Nothing in the articles supports' in card
    )


def test_foot_says_what_was_searched():
    card = answer_views.answer_card(make_answer(make_article()))
    assert "Searched 5 articles, 5 May – 29 Dec 2021 · 1 article cited · 0.1 s" in card


def test_refusal_lists_the_nearest_articles():
    refusal = Refusal(RefusalReason.NOT_ANSWERED, "The articles don't say.", (make_article("x"),))
    card = answer_views.answer_card(make_answer(make_article(), refusal))
    assert "The articles don&#x27;t say." in card and "Title of x" in card


@given(st.text(min_size=1, max_size=60), st.data())
def test_marks_are_exactly_the_cited_words(text, data):
    from html import unescape

    position = st.integers(0, len(text))
    spans = [Span(*sorted((data.draw(position), data.draw(position)))) for _ in range(3)]
    panel = article_views.article_panel(make_article(text=text), spans, spans[0])
    body = panel.split('<div class="qb-body">', 1)[1].removesuffix("</div></div>")
    assert unescape(re.sub(r"</?mark[^>]*>", "", body)) == unescape(answer_views.escape(text))
    marked = [unescape(m) for m in re.findall(r"<mark[^>]*>(.*?)</mark>", body, re.DOTALL)]
    assert all(
        any(m == unescape(answer_views.escape(text[s.start : s.end])) for s in spans)
        for m in marked
    )


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
        (None, None),
    ],
)
def test_only_web_addresses_are_links_and_their_host_is_shown(url, shown):
    panel = article_views.article_panel(make_article(url=url), [], None)
    assert ("<a " in panel) == (shown is not None)
    if shown:
        assert f">{shown}</a>" in panel and 'rel="noopener noreferrer nofollow"' in panel


@pytest.mark.parametrize(
    ("coverage", "line"),
    [
        (COVERAGE, "5 articles, 5 May – 29 Dec 2021"),
        (Coverage(1, date(2020, 12, 1), date(2021, 1, 2)), "1 article, 1 Dec 2020 – 2 Jan 2021"),
        (Coverage(1200), "1,200 articles"),
    ],
)
def test_coverage_reads_like_a_sentence(coverage, line):
    assert answer_views.coverage_line(coverage) == line


def test_narrowed_and_rewritten_questions_are_shown():
    answer = make_answer(make_article())
    answer |= {
        "standalone_question": "Who is she?",
        "narrowed": {"as_of": "2021-06-16", "publisher": "TASS"},
    }
    card = answer_views.answer_card(answer)
    assert "Understood as: Who is she?" in card
    assert "as of 16 June 2021 · publisher TASS" in card


def test_refusal_offers_questions_that_are_answered():
    refusal = Refusal(RefusalReason.NOT_ANSWERED, "The articles don't say.", ())
    card = answer_views.answer_card(make_answer(make_article(), refusal), ["Who won?"])
    assert '<button type="button" class="qb-open" data-ask="Who won?">Who won?</button>' in card


def test_timeline_holds_every_dated_article():
    entries = [
        Entry(f"a{n}", "T", None, Published(date(2021, 1 + n % 12, 1)), 1) for n in range(30)
    ] + [Entry("undated", "T", None, None, 1)]
    plot = article_views.timeline(entries)
    held = [one for ids in re.findall(r'data-ids="([^"]*)"', plot) for one in ids.split()]
    assert sorted(held) == sorted(f"a{n}" for n in range(30))
    assert article_views.timeline(entries[30:]) == ""


def test_list_finds_by_title_publisher_and_date():
    entries = [
        Entry("a", "Ferry sinks", "Wire", Published(date(2021, 3, 3)), 2),
        Entry("b", "Bridge shut", "Courier", None, 1),
    ]
    for words, found in (("ferry wire", "1 of 2"), ("march 2021", "1 of 2"), ("x", "0 of 2")):
        assert f"{found} articles" in article_views.article_list(entries, frozenset(), words)


def test_only_ones_own_articles_can_be_removed():
    entries = [Entry("a", "A", None, None, 1), Entry("b", "B", None, None, 1)]
    shown = article_views.article_list(entries, frozenset(["b"]))
    assert re.findall(r'data-remove="([^"]*)"', shown) == ["b"]


def test_markdown_export_shows_everything_as_text():
    answer = make_answer(make_article("x", HOSTILE, title=HOSTILE, publisher=HOSTILE))
    text = markdown.to_markdown([answer])
    assert "[^1-1]" in text and "*(nothing in the articles supports this)*" in text
    assert not re.search(r"(?<!\\)<|(?<!\\)!\[|://", text)


def test_what_was_withheld_and_why_is_shown():
    answer = make_answer(make_article())
    answer |= {"note": HOSTILE, "withheld": [HOSTILE, "b"], "unresolved": ["[zzzz]"]}
    card = answer_views.answer_card(answer)
    assert "2 sentences of the model’s draft were withheld" in card
    assert "Cited, but no source: [zzzz]" in card
    ours = {"div", "p", "span", "button", "ul", "li", "q", "form", "label", "input"}
    assert tags(card) <= ours | {"details", "summary"}


def test_what_is_known_beside_the_words_is_shown():
    copy = Entry("b", "Title of b", "Radio Oslo", Published(date(2021, 6, 17)), 0)
    article = make_article("a", "Rain fell. Correction: snow.", publisher="Northline")
    citation = Citation(1, article, 0, 10, "Agnes Lund", "Wire", ("Correction: snow.",), (copy,))
    sources = Sources(articles=2, independent=1)
    answer = Answer(
        "q", "q", (Sentence("Rain fell.", (1,)),), (citation,), (), COVERAGE, sources=sources
    ).to_dict()
    card, notes = answer_views.answer_card(answer), markdown.to_markdown([answer])
    for text in (card, notes):
        for said in ("Northline", "Wire", "Said by Agnes Lund", "Radio Oslo, 17 June 2021"):
            assert said in text
    assert "said by 1 independent source in 2 articles" in card
