import time

import pytest

GOOD = "SALTMERE, March 3, 2021 (Tidewater Wire) — Rain fell.\r\n\r\nÇa va “bien”. 😀\n"


def test_text_is_kept_byte_for_byte(read):
    (article,), problems = read("a.txt", "\ufeff" + GOOD)
    assert article.text == "\ufeff" + GOOD
    assert (article.publisher, str(article.published)) == ("Tidewater Wire", "2021-03-03")
    assert problems == []


def test_front_matter_states_what_is_known(read):
    text = '---\ntitle: "A: title"\npublisher: X\ndate: 2021-02-09\nurl: https://x.example/1\n---\n\nRain.'
    (article,), _ = read("a.md", text)
    assert (article.title, article.publisher, str(article.published)) == (
        "A: title",
        "X",
        "2021-02-09",
    )
    assert article.url == "https://x.example/1"
    assert article.text == text


def test_front_matter_that_is_not_yaml_is_read_line_by_line(read):
    text = "---\ntitle: Ferry: the sequel\ndate: 2021-02-09\n---\nRain fell."
    (article,), (note,) = read("a.md", text)
    assert (article.title, str(article.published)) == ("Ferry: the sequel", "2021-02-09")
    assert not note.skipped and note.line == 1
    assert note.reason.startswith("its front matter is not YAML")


@pytest.mark.parametrize(
    "field",
    [
        "date: !!timestamp foo",
        "title: !!int ''",
        'title: "\\ud800 x"',
        "title: [a, b]",
        "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\n"
        "c: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\n"
        "title: [*d, *d, *d, *d, *d, *d, *d, *d]",
    ],
)
def test_hostile_front_matter_does_no_harm(read, field):
    (article,) = read("a.md", f"---\n{field}\n---\nRain fell.")[0]
    f"{article.title}{article.published}".encode()


def test_rule_at_the_start_is_no_front_matter(read):
    (article,), problems = read("a.md", "---\nRain fell on the town.\n---\nMore fell.")
    assert problems == [] and article.title


@pytest.mark.parametrize(
    "text",
    [
        "A" + " " * 300_000 + "b.",
        "-\n" * 50_000 + "a",
        "a" + "\n" * 500_000,
        "ISTANBUL, 5 Aprıl 2021. Text. " * 500,
        "LONDON, Auguſt 5, 1821 — " * 500,
        '"' * 100_000 + "a",
        "a, " * 100_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_odd_text_takes_no_time(read, text):
    from qa_bot.index.chunking import Budget, chunk

    began = time.perf_counter()
    (article,), _ = read("a.txt", text)
    chunk(article, Budget(200, 254, 1, lambda texts: [len(t.split()) for t in texts]))
    assert time.perf_counter() - began < 20  # was minutes: quadratic
