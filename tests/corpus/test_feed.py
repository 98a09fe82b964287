import pytest

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Saltmere Courier</title>
<item><title>Ferry</title><guid>g1</guid><link>https://x.example/1</link>
<pubDate>Wed, 03 Mar 2021 10:00:00 GMT</pubDate><description>&lt;p&gt;It ran.&lt;/p&gt;
&lt;p&gt;Late.&lt;/p&gt;</description></item>
<item><title>Empty</title><guid>g2</guid></item></channel></rss>"""

FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour Post</title>
<item><title>Budget</title><guid>1</guid>{}<description>It passed.</description></item>
</channel></rss>"""


def test_feed_gives_an_article_for_each_entry(read):
    (article,), (problem,) = read("news.rss", RSS)
    assert (article.id, article.title, article.text) == ("news/g1", "Ferry", "It ran.\n\nLate.")
    assert (article.publisher, str(article.published)) == ("Saltmere Courier", "2021-03-03")
    assert problem.reason == "entry 2 has no text"


def test_entry_that_is_cut_off_is_reported(read):
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


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Tue, 04 May 21 10:00:00 GMT", "2021-05-04"),
        ("16 Jun 21 10:00 GMT", "2021-06-16"),
        ("16 Jun 99 10:00 GMT", "1999-06-16"),
        ("Wed, 16 Jun 2021 23:30:00 -0500", "2021-06-16"),
        ("Wed, 16 Jun 2021 00:30:00 +0900", "2021-06-16"),
        ("Wed, 16 Jun 2021 23:30:00 EST", "2021-06-16"),
        ("Wed Jun 16 10:00:00 2021", "2021-06-16"),
        ("04-May-2021 10:00", "2021-05-04"),
        ("Mon, May 25 2020 04:45:26 +0000", "2020-05-25"),
        ("2021-06-16T23:30:00-05:00", "2021-06-16"),
        ("2021-06-16", "2021-06-16"),
        ("2021-06", "2021-06"),
        ("16/06/2021", "2021-06-16"),
        ("June 16, 2021", "2021-06-16"),
    ],
)
def test_day_of_an_entry_is_the_one_that_its_writer_counts(read, written, day):
    (article,), _ = read("a.rss", FEED.format(f"<pubDate>{written}</pubDate>"))
    assert str(article.published) == day


def test_date_of_dublin_core_is_read(read):
    (article,), _ = read("a.rss", FEED.format("<dc:date>2021-05-04T23:30:00-05:00</dc:date>"))
    assert str(article.published) == "2021-05-04"


@pytest.mark.parametrize(
    "written", ["dom, 02 zzz 2022 18:55:00 GMT", "Wed, 31 Feb 2021 10:00:00 GMT", "2021-13-45"]
)
def test_date_that_cannot_be_read_is_named_and_not_guessed(read, written):
    (article,), (note,) = read("a.rss", FEED.format(f"<pubDate>{written}</pubDate>"))
    assert article.published is None
    assert note.reason == f"its date cannot be read: {written!r}" and not note.skipped


_ENCODED = """<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[{}]]>
</content:encoded>"""


def test_blocks_cells_and_wrapped_lines_of_an_entry(read):
    text = """Seats after the count<table><tr><th>Party</th><th>Seats</th></tr><tr><td>Harbour
Union</td><td>14</td></tr></table><p>Mayor Ilse Corran said the
station would open.</p>Police are looking for a driver<ul><li>Road closed</li></ul>"""
    (article,), _ = read("a.rss", FEED.format(_ENCODED.format(text)))
    assert article.text.split("\n\n") == [
        "Seats after the count",
        "Party Seats",
        "Harbour Union 14",
        "Mayor Ilse Corran said the station would open.",
        "Police are looking for a driver",
        "Road closed",
    ]


@pytest.mark.parametrize("sign", ["&#8;", "&amp;#8;", "&#xD800;", "&#xFFFE;", "&#99999999999;"])
def test_character_that_no_text_may_have_loses_no_entry(read, sign):
    items = f"<item><guid>1</guid><description>Rain {sign} fell.</description></item>"
    items += "<item><guid>2</guid><description>The ferry ran.</description></item>"
    articles, _ = read("a.rss", f"<rss version='2.0'><channel>{items}</channel></rss>")
    assert ["fell" in one.text or "ferry" in one.text for one in articles] == [True, True]


def test_document_type_loses_no_letters(read):
    told = "<description>The caf&eacute; lost &pound;5.</description>"
    item = f"<item><title>Caf&eacute;</title>{told}</item>"
    kind = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.example/rss.dtd">'
    (article,), _ = read("a.rss", f"{kind}<rss version='0.91'><channel>{item}</channel></rss>")
    assert article.text == "The café lost £5." and article.title == "Café"


def test_title_has_no_markup(read):
    title = "<title>&lt;em&gt;Mill&lt;/em&gt; closes &amp;amp; opens</title>"
    item = f"<item>{title}<description>Rain.</description></item>"
    (article,), _ = read("a.rss", f"<rss version='2.0'><channel>{item}</channel></rss>")
    assert article.title == "Mill closes & opens"
