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
