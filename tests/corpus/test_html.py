import pytest

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


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("undefined", "utf-8"),
        ("no-such-charset", "utf-8"),
        ("utf-16", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("latin1", "cp1252"),
        ("ascii", "cp1252"),
        ("iso-8859-2", "iso-8859-2"),
        ("big5", "big5"),
    ],
)
def test_charset_is_understood_as_browsers_do(read, declared, encoding):
    said = {"iso-8859-2": "„Świętą Górę otwarto”, że", "big5": "兩國總統星期三在日內瓦舉行"}.get(
        encoding, "“It’s done” — €400,000"
    )
    said = said.replace("„", "").replace("”,", ",") if encoding == "iso-8859-2" else said
    page = PAGE.replace("<head>", f'<head><meta charset="{declared}">')
    page = page.replace("The ferry to the island", said)
    (article,), _ = read("a.html", page.encode(encoding))
    assert said in article.text


@pytest.mark.parametrize("page", ["<html></html>", "<p></p>", "<script>1</script>", "<" * 5000])
def test_page_without_text_is_refused(read, page):
    articles, problems = read("a.html", page)
    assert articles == [] and len(problems) == 1


@pytest.mark.parametrize("sign", ["&#8;", "&#11;", "&#x1f;", "&#xFFFE;", "&#27;"])
def test_character_that_no_text_may_have_is_left_out(read, sign):
    first = "The council voted on Tuesday to close the old mill, which costs too much to keep."
    second = "Residents of the quarter protested on the square, where forty of them had gathered."
    (article,), _ = read("a.html", f"<html><body><p>{first}{sign}</p><p>{second}</p></body></html>")
    assert article.text.split("\n") == [first, second]


LAST = "Nobody in the harbour quarter had seen the water rise so fast since the winter of 1978."


@pytest.mark.parametrize("depth", [300, 900])
def test_text_of_a_deep_page_is_found(read, depth):
    body = f"{'<div>' * depth}<p>{LAST}</p>{'</div>' * depth}"
    (article,), problems = read("a.html", f"<html><body><article>{body}</article></body></html>")
    assert article.text == LAST and problems == []


def test_page_of_too_many_elements_is_read_whole(read):
    page = f"<title>Rain</title><p>{'<span>rain </span>' * 60_000}</p><p>{LAST}</p>"
    (article,), (problem,) = read("a.html", page)
    assert article.text.endswith(LAST) and article.text.count("rain") == 60_000
    assert article.title == "Rain"
    assert "whole text" in problem.reason and not problem.skipped


def test_row_of_a_table_is_a_line(read):
    rows = "<tr><th>Name</th><th>Votes</th></tr><tr><td>Ana Vell</td><td>4,312</td></tr>"
    page = f"<article><p>{LAST}</p><table>{rows}</table><p>{LAST[::-1]}</p></article>"
    (article,), _ = read("a.html", page)
    assert article.text.split("\n")[1:3] == ["Name | Votes", "Ana Vell | 4,312"]
