"""Every reader on good, messy and hostile files."""

import json
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_bot.corpus import KINDS, Limits, Problem, Source, read_source, scan

GOOD = "SALTMERE, March 3, 2021 (Tidewater Wire) — Rain fell.\r\n\r\nÇa va “bien”. 😀\n"


def reasons(problems):
    return [problem.reason for problem in problems]


# Plain text and Markdown


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


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xef\xbb\xbf\n", "holds no words"),
        (b"...\n\xe2\x80\x8b", "holds no words"),
        ("Ça va “bien” ici.".encode()[:-1] + b"\xff..", "is UTF-8 text but damaged at byte 21"),
        (b"abc\x00def", "is a binary file, not text"),
        (b"%PDF-1.4 \x00", "is not text but a PDF file"),
        (b"\x89PNG\r\n\x1a\n", "is not text but a PNG picture"),
        (b"\xff\xfeA", "starts as UTF-16 text but is damaged"),
        (bytes(range(1, 32)) * 4, "is a binary file, not text"),
    ],
)
def test_file_that_is_no_text_is_refused_with_the_reason(read, data, reason):
    assert reasons(read("a.txt", data)[1]) == [reason]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "cp1251", "gb18030"])
def test_other_encodings_are_read_and_named(read, encoding):
    text = {
        "utf-16": "Geneva hosted the summit on Wednesday, he said.",
        "utf-16-le": "Geneva hosted the summit on Wednesday, he said.",
        "cp1252": "L’étrangère a signalé “la crise” à Genève — où déjà, señor, l’été durait.",
        "cp1251": "Президенты России и США встретились в Женеве в среду, шестнадцатого июня.",
        "gb18030": "两国总统星期三在日内瓦举行了首次面对面的会谈，讨论了战略稳定问题。",
    }[encoding]
    (article,), (note,) = read("a.txt", text.encode(encoding))
    assert article.text == text
    assert not note.skipped and note.reason.startswith("is not UTF-8; read as ")


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


def test_stated_date_that_cannot_be_read_is_named(read):
    (article,), (note,) = read("a.md", "---\ndate: next week\n---\nRain fell.")
    assert article.published is None
    assert note.reason == "its date cannot be read: 'next week'" and not note.skipped


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


def test_file_over_the_limit_is_refused_before_it_is_read(read):
    _, (problem,) = read("a.txt", "x" * 3_000_000, Limits(file_bytes=2_000_000))
    assert problem.reason == "is 3 MB, over the limit of 2 MB (setting max_file_mb)"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("All news\n\nFerry runs again\n\nIt ran.", "Ferry runs again"),
        (" date 2021-12-29 The president met him. Then", "The president met him"),
        ("SALTMERE, March 3 (Wire) — The ferry ran. It was late.", "The ferry ran"),
        ("# A heading\n\nText.", "A heading"),
        ("\n\n  A line  \nText.", "A line"),
    ],
)
def test_title_is_found_in_the_text(read, text, title):
    assert read("a.txt", text)[0][0].title == title


# JSON Lines


def line(**record):
    return json.dumps({"id": "1", "title": "T", "text": "Rain fell."} | record)


def test_json_record_states_everything(read):
    record = line(published="2021-06", publisher="X", url="https://x.example")
    (article,), _ = read("a.jsonl", record)
    assert (article.id, article.title, article.text) == ("1", "T", "Rain fell.")
    assert (str(article.published), article.publisher) == ("2021-06", "X")


def test_names_of_other_collections_do(read):
    (article,), _ = read("a.jsonl", '{"_id": 7, "text": "Rain.", "date": "2021-06-16"}')
    assert (article.id, str(article.published), article.title) == ("7", "2021-06-16", "Rain")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{nope", "is not JSON (Expecting property name enclosed in double quotes, column 2)"),
        ("[1, 2]", "is not a JSON object"),
        ('{"text": "Rain."}', 'has no "id" that is a text or a whole number'),
        ('{"id": ["x"], "text": "Rain."}', 'has no "id" that is a text or a whole number'),
        ('{"id": "a\\nb", "text": "Rain."}', 'has an "id" that is empty or not printable'),
        ('{"id": "2"}', 'has no "text"'),
        ('{"id": "2", "text": 5}', 'has no "text"'),
        ('{"id": "2", "text": "  "}', 'has no "text"'),
        ('{"id": "2", "text": "a \\ud800"}', "its text holds characters that are not text"),
        ('{"id": "2", "text": "a\\u0000b"}', "its text holds characters that are not text"),
        (line(id="1"), "has the same id as line 1: '1'"),
        ("[" * 100_000, "is JSON too deeply nested, or with a number too long"),
        ('{"id": ' + "1" * 5000 + "}", "is JSON too deeply nested, or with a number too long"),
    ],
)
def test_bad_line_is_named_and_the_good_ones_are_read(read, bad, reason):
    articles, (problem,) = read("a.jsonl", "\n".join([line(), bad, "", line(id="9")]))
    assert [article.id for article in articles] == ["1", "9"]
    assert (problem.line, problem.reason) == (2, reason)


def test_line_that_is_not_utf8_is_named(read):
    articles, (problem,) = read("a.jsonl", line().encode() + b"\n\xff\xfe\n")
    assert len(articles) == 1
    assert (problem.line, problem.reason) == (2, "is not UTF-8")


def test_endless_line_is_passed_over_without_holding_it(read):
    data = line().encode() + b"\n" + b"x" * 5_000_000 + b"\n" + line(id="3").encode()
    articles, (problem,) = read("a.jsonl", data, Limits(file_bytes=1_000_000))
    assert [article.id for article in articles] == ["1", "3"]
    assert (problem.line, problem.reason) == (2, "line is longer than 1 MB (max_file_mb)")


# HTML


PAGE = """<html lang="en"><head><title>Ferry runs again</title>
<meta property="og:site_name" content="Saltmere Courier">
<meta property="article:published_time" content="2021-03-03T10:00:00Z"></head>
<body><nav>Home News Sport</nav><article><h1>Ferry runs again</h1>
<p>The ferry to the island ran again on Wednesday after a week of storms, the operator said.</p>
<p>It carried 312 people on its first day, twice as many as on a usual Wednesday in March.</p>
</article><footer>All rights reserved</footer></body></html>"""


def test_page_gives_its_article_and_what_it_states(read):
    (article,), problems = read("a.html", PAGE)
    assert "312 people" in article.text and "Home News" not in article.text
    assert article.title == "Ferry runs again"
    assert (article.publisher, str(article.published)) == ("Saltmere Courier", "2021-03-03")
    assert problems == []


def test_page_is_read_in_the_charset_that_it_declares(read):
    page = PAGE.replace("<title>Ferry runs again", '<meta charset="windows-1251"><title>Паром')
    page = page.replace("The ferry to the island ran again", "Паром снова ходит на остров")
    (article,), (note,) = read("a.html", page.encode("cp1251"))
    assert "Паром снова ходит" in article.text
    assert note.reason == "is not UTF-8; read as windows-1251"


@pytest.mark.parametrize("page", ["<html></html>", "<p></p>", "<script>1</script>", "<" * 5000])
def test_page_without_text_is_refused(read, page):
    articles, problems = read("a.html", page)
    assert articles == [] and len(problems) == 1


# PDF


def pdf_bytes(text):
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + rows
    return data + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def test_pdf_gives_its_text(read):
    (article,), problems = read("a.pdf", pdf_bytes("The ferry ran again on Wednesday."))
    assert article.text.strip() == "The ferry ran again on Wednesday."
    assert problems == []


def test_pdf_without_text_says_that_scans_are_not_read(read):
    assert "scanned" in read("a.pdf", pdf_bytes(""))[1][0].reason


def test_reading_a_pdf_runs_nothing_from_the_folder(read, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text("open('hacked', 'w').close()")
    read("a.pdf", pdf_bytes("The ferry ran."))
    assert not (tmp_path / "hacked").exists()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"not a pdf", pdf_bytes("x")[:200]])
def test_broken_pdf_is_refused(read, data):
    articles, (problem,) = read("a.pdf", data)
    assert articles == []
    assert "PDF" in problem.reason or "text" in problem.reason


# Feeds


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Saltmere Courier</title>
<item><title>Ferry</title><guid>g1</guid><link>https://x.example/1</link>
<pubDate>Wed, 03 Mar 2021 10:00:00 GMT</pubDate><description>&lt;p&gt;It ran.&lt;/p&gt;
&lt;p&gt;Late.&lt;/p&gt;</description></item>
<item><title>Empty</title><guid>g2</guid></item></channel></rss>"""


def test_feed_gives_an_article_for_each_entry(read):
    (article,), (problem,) = read("news.rss", RSS)
    assert (article.id, article.title, article.text) == ("news/g1", "Ferry", "It ran.\n\nLate.")
    assert (article.publisher, str(article.published)) == ("Saltmere Courier", "2021-03-03")
    assert problem.reason == "entry 2 has no text"


def test_an_entry_whose_elements_never_end_is_told_of(read):
    cut = "<rss version='2.0'><channel><item><description><content:encoded>Late.</content:encoded>"
    articles, (damaged, empty) = read("news.rss", cut)
    assert articles == [] and "is damaged" in damaged.reason
    assert empty.reason == "entry 1 has no text"


def test_entity_bomb_does_no_harm(read):
    entities = "".join(
        f'<!ENTITY e{n} "{"".join(f"&e{n - 1};" * 10)}">' if n else '<!ENTITY e0 "boom">'
        for n in range(12)
    )
    bomb = f"<?xml version='1.0'?><!DOCTYPE r [{entities}]><rss><channel>&e11;</channel></rss>"
    articles, problems = read("a.xml", bomb)
    assert articles == [] and problems


def test_xml_that_is_no_feed_is_refused(read):
    articles, problems = read("a.xml", "<a><b>c</b></a>")
    assert articles == [] and problems[0].reason.startswith("is not an RSS or Atom feed")


# Folders


def test_folder_is_walked_in_order_and_ids_are_paths(tmp_path):
    for name in ("b.txt", "sub/a.md", "sub/deep/c.jsonl", ".hidden.txt", "photo.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = scan([tmp_path])
    assert [source.article_id for source in found.sources] == ["b", "sub/a", "sub/deep/c"]
    assert [path.name for path in found.ignored] == ["photo.png"]
    assert found.problems == ()


def test_links_and_special_files_are_passed_over(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "good.txt").write_text("Rain.")
    (folder / "out.txt").symlink_to(outside)
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "round").symlink_to(folder)
    (folder / "inside.txt").symlink_to("good.txt")
    os.mkfifo(folder / "pipe.txt")
    found = scan([folder])
    assert [source.article_id for source in found.sources] == ["good"]
    assert sorted((p.path.name, p.reason.split(";")[0]) for p in found.problems) == [
        ("loop.txt", "is a link that leads nowhere or in a circle"),
        ("out.txt", "is a link out of the folder"),
        ("pipe.txt", "is not an ordinary file (a pipe, socket or device)"),
        ("round", "is a link to a folder"),
    ]


def test_file_is_listed_once_however_it_is_reached(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("Rain.")
    (tmp_path / "link").symlink_to(folder)
    found = scan([folder, tmp_path / "link", tmp_path / "articles" / ".." / "articles"])
    assert [source.path for source in found.sources] == [(folder / "a.txt").resolve()]


def test_name_that_is_not_printable_is_a_problem(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("Rain.")
    (tmp_path / "a\nb.txt").write_text("Rain.")
    found = scan([tmp_path])
    assert found.sources == ()
    assert {p.reason for p in found.problems} == {
        "has a name that is not printable UTF-8; rename it"
    }


def test_missing_path_and_wrong_kind_are_named(tmp_path):
    (tmp_path / "a.png").write_text("x")
    problems = scan([tmp_path / "nope", tmp_path / "a.png"]).problems
    assert problems[0].reason == "does not exist"
    assert problems[1].reason.startswith("is not a kind of file that is read: .txt")


def test_file_that_vanished_is_a_problem(tmp_path):
    (problem,) = read_source(Source(tmp_path / "gone.txt", "gone", "text"), Limits())
    assert problem.reason == "cannot be read (No such file or directory)"


def test_problem_is_one_printable_line(tmp_path):
    assert "\n" not in str(Problem(tmp_path / "a\nb\udcff.txt", "is\nempty", 3))


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(lambda s: s.encode("utf-8", "surrogatepass")),
    ),
    st.sampled_from(sorted(set(KINDS) - {".pdf"})),
)
def test_no_bytes_break_a_reader(tmp_path, data, suffix):
    path = tmp_path / f"x{suffix}"
    path.write_bytes(data)
    for item in read_source(Source(path, "x", KINDS[suffix]), Limits()):
        assert isinstance(item, Problem) or item.text.strip("\ufeff").strip()


# The raw articles


@pytest.mark.raw
def test_raw_articles_give_title_publisher_and_date(raw_articles):
    articles = [a for source in scan([raw_articles]).sources for a in read_source(source, Limits())]
    assert [(str(a.published), a.publisher) for a in articles] == [
        ("2021-06-07", None),
        ("2021-06-16", "TASS"),
        ("2021-05-05", "TASS"),
        ("2021-10-21", None),
        ("2021-12-29", None),
    ]
    assert [article.title.split()[0] for article in articles] == [
        "NATO",
        "Biden:",
        "Biden-Putin",
        "Russia",
        "US",
    ]
    for article in articles:
        with open(article.path, newline="", encoding="utf-8") as file:
            assert article.text == file.read()
