"""Reading from the web: what is kept, what is asked again, and what is refused."""

import gzip
import json
import socket
import time

import httpx
import pytest
from outlets import article, bomb, playing

from qa_bot.corpus import Limits, Source, read_source
from qa_bot.datatypes import Article
from qa_bot.fetching import FetchOptions, collect
from qa_bot.fetching.collecting import MOST_PAGES
from qa_bot.fetching.guarded_transport import FetchError, GuardedTransport
from qa_bot.fetching.kept_pages import canonical_address, kind_of, place_of
from qa_bot.fetching.polite_client import PoliteClient, Reply
from qa_bot.fetching.visits import Visits

OPEN = FetchOptions(allow_private=True, delay_s=0.0, most_bytes=200_000)
FEED = """<rss version="2.0"><channel><title>Harbour Radio</title>
<item><title>Ferry sinks</title><link>/ferry</link><guid isPermaLink="false">f1</guid>
<pubDate>Wed, 16 Jun 2021 10:00:00 GMT</pubDate>
<description>The ferry sank at noon.</description></item>
<item><title>Bridge shut</title><link>{0}/bridge</link>
<description>The bridge is shut for a month.</description></item>
</channel></rss>"""


@pytest.fixture
def web():
    with playing() as played:
        yield played


def files(folder):
    return sorted(
        path.relative_to(folder).as_posix().partition("/")[2]
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.parts)
    )


def read(path):
    kinds = {".html": "html", ".jsonl": "jsonl"}
    (found,) = read_source(Source(path, "a", kinds[path.suffix]), Limits())
    assert isinstance(found, Article)
    return found


def test_page_is_kept_and_its_article_has_its_address(web, tmp_path):
    address, outlet = web
    outlet.give("/news/ferry", article("Ferry sinks", "The ferry sank at noon on Monday."))
    found = collect([f"{address}/news/ferry#top"], tmp_path, OPEN)
    assert found.problems == [] and files(tmp_path) == ["news/ferry.html"]
    (path,) = found.changed
    assert path.read_bytes() == outlet.pages["/news/ferry"][2]
    assert read(path).url == f"{address}/news/ferry"
    origin = json.loads(path.with_name(".ferry.html.origin.json").read_text())
    assert origin["read"].startswith("20")
    assert outlet.asked[1][1]["user-agent"].startswith("qa-bot/")


def test_page_that_did_not_change_is_not_sent_again(web, tmp_path):
    address, outlet = web
    outlet.give("/a", article("A", "One two three."), etag='"1"')
    collect([f"{address}/a"], tmp_path, OPEN)
    again = collect([f"{address}/a"], tmp_path, OPEN)
    assert (again.changed, again.n_same, again.problems) == ([], 1, [])
    assert outlet.asked[-1][1]["if-none-match"] == '"1"'


def test_changed_page_replaces_the_older_one_which_is_kept(web, tmp_path):
    address, outlet = web
    outlet.give("/a", article("A", "It cost nine."), etag='"1"')
    collect([f"{address}/a"], tmp_path, OPEN)
    outlet.give("/a", article("A", "It cost seven."), etag='"2"')
    (path,) = collect([f"{address}/a"], tmp_path, OPEN).changed
    assert b"seven" in path.read_bytes()
    (old,) = (path.parent / ".versions").iterdir()
    assert b"nine" in old.read_bytes()
    del outlet.pages["/a"]
    gone = collect([f"{address}/a"], tmp_path, OPEN)
    assert gone.problems == [f"{address}/a is not there (status 404)"]
    assert b"seven" in path.read_bytes()


def test_two_addresses_of_one_page_are_one_article(web, tmp_path):
    address, outlet = web
    page = article("A", "One two three.", canonical="/a")
    outlet.give("/a?from=mail", page)
    outlet.give("/a", page)
    found = collect([f"{address}/a?from=mail", f"{address}/a"], tmp_path, OPEN)
    assert files(tmp_path) == ["a.html"] and len(found.changed) == found.n_same == 1


def test_canonical_address_of_another_site_does_not_count(web, tmp_path):
    address, outlet = web
    outlet.give("/a", article("A", "One.", canonical="https://bank.example/news"))
    collect([f"{address}/a"], tmp_path, OPEN)
    assert files(tmp_path) == ["a.html"]


def test_entries_of_a_feed_are_kept_when_they_leave_it(web, tmp_path):
    address, outlet = web
    outlet.give("/feed", FEED.format(address).encode(), "application/rss+xml")
    found = collect([f"{address}/feed"], tmp_path, OPEN)
    assert files(tmp_path) == ["bridge.jsonl", "ferry.jsonl"] and found.problems == []
    ferry = read(next(path for path in found.changed if path.stem == "ferry"))
    assert ferry.id == place_of(f"{address}/ferry") and ferry.url == f"{address}/ferry"
    assert (ferry.title, ferry.publisher) == ("Ferry sinks", "Harbour Radio")
    assert str(ferry.published) == "2021-06-16"
    shorter = FEED.format(address).split("<item><title>Ferry")[0] + "<item><title>New</title>"
    shorter += "<link>/new</link><description>It is new.</description></item></channel></rss>"
    outlet.give("/feed", shorter.encode(), "application/rss+xml")
    collect([f"{address}/feed"], tmp_path, OPEN)
    assert files(tmp_path) == ["bridge.jsonl", "ferry.jsonl", "new.jsonl"]


def test_full_pages_of_a_feed_are_read_instead_of_its_entries(web, tmp_path):
    address, outlet = web
    outlet.give("/feed", FEED.format(address).encode(), "text/xml")
    outlet.give("/ferry", article("Ferry sinks", "The ferry sank at noon, with no one aboard."))
    options = FetchOptions(full=True, allow_private=True, delay_s=0.0)
    found = collect([f"{address}/feed"], tmp_path, options)
    assert files(tmp_path) == ["bridge.jsonl", "ferry.html"]  # what the feed says of the other
    assert found.problems == [f"{address}/bridge is not there (status 404)"]
    outlet.give("/bridge", article("Bridge shut", "The bridge is shut for a month, they said."))
    assert collect([f"{address}/feed"], tmp_path, options).problems == []
    assert files(tmp_path) == ["bridge.html", "ferry.html"]
    outlet.give("/bridge", b"", status=404)
    collect([f"{address}/feed"], tmp_path, options)
    assert files(tmp_path) == ["bridge.html", "ferry.html"]


def test_sitemap_of_sitemaps_is_followed_and_no_page_is_read_twice(web, tmp_path):
    address, outlet = web
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    index = head.replace("urlset", "sitemapindex")
    pages = f"{head}<url><loc>{address}/a</loc></url><url><loc>{address}/a#b</loc></url></urlset>"
    outlet.give(
        "/map.xml",
        f"{index}<sitemap><loc>{address}/one.xml.gz</loc></sitemap></sitemapindex>".encode(),
        "application/xml",
    )
    outlet.give("/one.xml.gz", gzip.compress(pages.encode()), "application/gzip")
    outlet.give("/a", article("A", "One two three."))
    found = collect([f"{address}/map.xml"], tmp_path, OPEN)
    assert found.problems == [] and files(tmp_path) == ["a.html"]
    assert outlet.paths().count("/a") == 1


def test_sitemap_of_itself_and_one_too_long_come_to_an_end(web, tmp_path):
    address, outlet = web
    loop = f"<sitemapindex><sitemap><loc>{address}/loop.xml</loc></sitemap></sitemapindex>"
    outlet.give("/loop.xml", loop.encode(), "text/xml")
    many = "".join(f"<url><loc>ftp://x/{n}</loc></url>" for n in range(MOST_PAGES + 5))
    outlet.give("/many.xml", f"<urlset>{many}</urlset>".encode(), "text/xml")
    found = collect([f"{address}/loop.xml", f"{address}/many.xml"], tmp_path, OPEN)
    assert any("lists 7 over the limit of 1,000 addresses" in one for one in found.problems)


def test_robots_txt_is_asked_once_and_heeded(web, tmp_path):
    address, outlet = web
    outlet.give("/robots.txt", b"User-agent: qa-bot\nDisallow: /private/\n", "text/plain")
    outlet.give("/private/a", article("A", "One."))
    outlet.give("/b", article("B", "Two three."))
    found = collect([f"{address}/private/a", f"{address}/b"], tmp_path, OPEN)
    assert found.problems == [
        f"{address}/private/a is not read: the site's robots.txt does not allow it"
    ]
    assert outlet.paths() == ["/robots.txt", "/b"]


def test_site_whose_robots_txt_fails_is_left_alone(web, tmp_path):
    address, outlet = web
    outlet.give("/robots.txt", b"", status=503)
    found = collect([f"{address}/a"], tmp_path, OPEN)
    assert "robots.txt cannot be read now" in found.problems[0]
    assert outlet.paths() == ["/robots.txt"]


def test_requests_to_a_host_have_a_pause_between_them(web, tmp_path):
    address, outlet = web
    outlet.give("/robots.txt", b"User-agent: *\nCrawl-delay: 7\n", "text/plain")
    outlet.give("/a", article("A", "One."))
    waited = []
    cache = tmp_path / "cache"
    with PoliteClient(
        cache,
        most_bytes=10_000,
        allow_private=True,
        delay_s=2.0,
        visits=Visits(sleep=waited.append),
    ) as client:
        client.get(f"{address}/a")
        client.get(f"{address}/a")
    assert all(6 < seconds <= 7 for seconds in waited) and len(waited) == 2


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("file:///etc/passwd", "is not read: it leads to no http or https address"),
        ("ftp://127.0.0.1/x", "is not read: it leads to no http or https address"),
        ("http://[bad/", "cannot be found: %5bbad has no address"),
    ],
)
def test_redirect_to_no_web_page_is_not_followed(web, tmp_path, target, reason):
    address, outlet = web
    outlet.give("/a", b"", status=302, location=target)
    found = collect([f"{address}/a"], tmp_path, OPEN)
    assert found.problems == [f"{address}/a {reason}"]


def test_redirects_are_followed_to_the_page_and_a_circle_ends(web, tmp_path):
    address, outlet = web
    outlet.give("/old", b"", status=301, location="/new")
    outlet.give("/new", article("A", "One two three."))
    outlet.give("/circle", b"", status=302, location="/circle")
    found = collect([f"{address}/old", f"{address}/circle"], tmp_path, OPEN)
    assert files(tmp_path) == ["new.html"]
    assert found.problems == [f"{address}/circle redirects more than 5 times"]


LONG = "The county council of Hesk voted on Tuesday to repair the old lighthouse before winter."
OTHERS = " ".join(f"The{n} mill{n} of{n} Vell{n} burned{n} down{n}." for n in range(9))
FERRY = "Ferry fares to Hesk rise in June, the county council voted on Tuesday before winter."


def dated(page, day):
    meta = f'<meta property="article:published_time" content="{day}"></head>'
    return page.replace(b"</head>", meta.encode())


@pytest.mark.parametrize(
    ("status", "old", "now", "left"),
    [
        (301, ("Lighthouse", LONG), ("Lighthouse", LONG), ["new.html"]),
        (308, ("Lighthouse", LONG), (" lighthouse", f"{LONG} Work begins in May."), ["new.html"]),
        (302, ("Lighthouse", LONG), ("Lighthouse", LONG), ["new.html", "old.html"]),
        (301, ("Lighthouse", LONG), ("Front page", FERRY), ["new.html", "old.html"]),
        (301, ("Subscribe", LONG), ("Lighthouse", LONG), ["new.html", "old.html"]),
        (301, ("Council", LONG), ("Council", FERRY), ["new.html", "old.html"]),
        (301, ("Tides", f"{LONG} 5.12 m"), ("Tides", f"{LONG} 4.90 m"), ["new.html", "old.html"]),
        (301, ("Fire", LONG), ("Fire", LONG.replace("Hesk", "Vell")), ["new.html", "old.html"]),
        (301, ("Council", LONG), ("Council", f"{LONG} {OTHERS}"), ["new.html", "old.html"]),
    ],
    ids=[
        "moved",
        "changed too",
        "for now",
        "front page",
        "headline",
        "series",
        "figures",
        "names",
        "overview",
    ],
)
def test_page_that_has_moved_for_good_is_kept_once(web, tmp_path, status, old, now, left):
    address, outlet = web
    outlet.give("/old", article(*old))
    collect([f"{address}/old"], tmp_path, OPEN)
    outlet.give("/new", article(*now))
    collect([f"{address}/new"], tmp_path, OPEN)  # as a list names it
    outlet.give("/old", b"", status=status, location="/new")
    found = collect([f"{address}/old"], tmp_path, OPEN)
    assert files(tmp_path) == left and found.problems == [] and found.changed == []
    assert found.n_moved == (left == ["new.html"])  # the index has to look again
    assert len(list(tmp_path.rglob(".versions/*"))) == 2 - len(left)


def test_page_of_another_day_has_not_moved(web, tmp_path):
    address, outlet = web
    outlet.give("/monday", dated(article("Tides", LONG), "2021-06-14"))
    outlet.give("/tuesday", dated(article("Tides", LONG), "2021-06-15"))
    collect([f"{address}/monday", f"{address}/tuesday"], tmp_path, OPEN)
    outlet.give("/monday", b"", status=301, location="/tuesday")
    collect([f"{address}/monday"], tmp_path, OPEN)
    assert files(tmp_path) == ["monday.html", "tuesday.html"]


@pytest.mark.parametrize("old", ["/café", "/a b", "/x/../a"])
def test_moved_page_is_found_however_its_address_is_written(web, tmp_path, old):
    address, outlet = web
    path = str(httpx.URL(f"{address}{old}")).removeprefix(address)
    outlet.give(path, article("Lighthouse", LONG))
    collect([f"{address}{old}"], tmp_path, OPEN)
    outlet.give("/new", article("Lighthouse", LONG))
    outlet.give(path, b"", status=301, location="/new")
    collect([f"{address}{old}"], tmp_path, OPEN)
    assert files(tmp_path) == ["new.html"]


def test_feed_does_not_bring_a_moved_page_back(web, tmp_path):
    address, outlet = web
    entry = f"<item><title>Lighthouse</title><link>/old</link><description>{LONG}</description>"
    feed = f'<rss version="2.0"><channel><title>Radio</title>{entry}</item></channel></rss>'
    outlet.give("/feed", feed.encode(), "application/rss+xml")
    collect([f"{address}/feed"], tmp_path, OPEN)
    assert files(tmp_path) == ["old.jsonl"]
    outlet.give("/new", article("Lighthouse", LONG))
    outlet.give("/old", b"", status=301, location="/new")
    collect([f"{address}/old"], tmp_path, OPEN)
    collect([f"{address}/feed"], tmp_path, OPEN)
    assert files(tmp_path) == ["new.html"]
    outlet.give("/old", article("Another story", FERRY))  # the address is used again
    collect([f"{address}/old"], tmp_path, OPEN)
    assert files(tmp_path) == ["new.html", "old.html"]


def test_private_addresses_are_refused_unless_allowed(web, tmp_path):
    address, outlet = web
    found = collect([f"{address}/a"], tmp_path, FetchOptions(delay_s=0.0))
    assert "is in a private network (--allow-private allows it)" in found.problems[0]
    assert outlet.asked == []


def answers(monkeypatch, *addresses):
    """Let every name of a host have these addresses."""
    real, found = socket.getaddrinfo, [(2, 1, 6, "", (one, 0)) for one in addresses]

    def look_up(host, *given, **more):
        return found if host.endswith(".example") else real(host, *given, **more)

    monkeypatch.setattr("socket.getaddrinfo", look_up)


def test_host_with_one_private_address_is_refused(monkeypatch):
    transport = GuardedTransport()
    answers(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(FetchError, match="private network"):
        transport.check(httpx.URL("https://x.example/a"))
    with pytest.raises(FetchError, match="private network"):
        transport.handle_request(httpx.Request("GET", "https://x.example/a"))


def test_the_address_that_was_checked_is_used_and_the_next_one_if_it_fails(web, monkeypatch):
    address, outlet = web
    outlet.give("/a", article("A", "One two three."))
    port = int(address.rpartition(":")[2])
    answers(monkeypatch, "::1", "127.0.0.1")  # nothing listens at the first
    transport = GuardedTransport(allow_private=True)
    reply = transport.handle_request(httpx.Request("GET", f"http://x.example:{port}/a"))
    assert reply.read() == outlet.pages["/a"][2]
    assert outlet.asked[0][1]["host"] == f"x.example:{port}"
    transport.close()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/endless", "is larger than 0.2 MB (setting max_file_mb)"),
        ("/bomb", "is larger than 0.2 MB (setting max_file_mb)"),
        ("/mapbomb", "is larger than 50 MB"),
        ("/torn", "is damaged: its compression cannot be undone"),
        ("/brotli", "is encoded in a way that is not read (br)"),
        ("/picture", "is not read: it is image/png"),
        ("/svg", "is XML of a kind that is not read"),
        ("/login", "asks for a login (status 401)"),
        ("/empty", "is empty"),
        ("/half", "is damaged: its compression cannot be undone"),
        ("/packed", "is damaged: its compression cannot be undone"),
        ("/junk", "is larger than 0.2 MB (setting max_file_mb)"),
        ("/toobig.txt", "is larger than 0.2 MB (setting max_file_mb)"),
        ("/broken", "fails at its site (status 500)"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_ends_nothing(web, tmp_path, path, reason):
    address, outlet = web
    outlet.give("/bomb", bomb(50_000_000), content_encoding="gzip")
    outlet.give("/mapbomb", bomb(60_000_000), "application/gzip")
    outlet.give("/torn", bomb(1000)[:20] + b"xxxx" * 9, content_encoding="gzip")
    outlet.give("/brotli", b"x", content_encoding="br")
    outlet.give("/picture", b"x", "image/png")
    outlet.give("/svg", b"<svg/>", "image/svg+xml")
    outlet.give("/login", b"", status=401)
    outlet.give("/empty", b"")
    outlet.give("/half", gzip.compress(bytes(range(256)) * 99)[:-20], content_encoding="gzip")
    outlet.give("/packed", bytes.fromhex("1f8b0800000000000003") + b"\xff" * 50, "application/gzip")
    outlet.give("/junk", bomb(10) + bomb(0) * 20_000, content_encoding="gzip")
    outlet.give("/toobig.txt", b"x" * 300_000, "text/plain")
    outlet.give("/broken", b"", status=500)
    outlet.give("/good", article("A", "One two three."))
    found = collect([f"{address}{path}", f"{address}/good"], tmp_path, OPEN)
    assert found.problems == [f"{address}{path} {reason}"]
    assert files(tmp_path) == ["good.html"]


@pytest.mark.parametrize("path", ["/slow", "/drip", "/dripping-head"])
def test_slow_page_is_given_up_as_a_whole(web, tmp_path, path):
    address, _ = web
    cache = tmp_path / "cache"
    begun = time.monotonic()
    with (
        PoliteClient(cache, most_bytes=1000, allow_private=True, delay_s=0, seconds=0.5) as client,
        pytest.raises(FetchError, match=r"does not answer in full within 0\.5 seconds"),
    ):
        client.get(f"{address}{path}")
    assert time.monotonic() - begun < 3  # the server drips for ten seconds


@pytest.mark.parametrize(
    "address",
    [
        "http://x.example/../../etc/passwd",
        "http://x.example/%2e%2e/%2e%2e/a",
        "http://x.example/.git/config",
        "http://x.example/a%00b",
        "http://x.example/" + "a" * 500,
        "http://x.example/" + "ł" * 300,
        "http://x.example/" + "a/" * 3000,
        "http://x.example/?q=/../../b",
        "http://x.example/~user/%5c..%5cb",
        "http://‥/evil",
        "http://․git/config",
        "http://x.example/\u202e",
    ],
)
def test_no_address_leads_out_of_the_folder_or_to_a_hidden_file(tmp_path, address):
    path = tmp_path / f"{place_of(address)}.html"
    inside = path.relative_to(tmp_path).parts
    assert path.resolve().is_relative_to(tmp_path) and len(inside) > 1
    assert not any(part.startswith(".") for part in inside)
    assert all(len(part.encode()) < 200 and part.isprintable() for part in inside)
    assert len(str(path).encode()) < 1000


def test_different_addresses_have_different_places():
    paths = (
        "", "_", "a", "a/b", "a?p=1", "a?p=2", "a~p=1", "a%20b", "a_b", "a!b", "a%2Fb", "d", "d/",
        ".h", "_.h", "n", "n.html", "n.html/b", "n.html_/b", "q?a=1&b=2%2F", "q?a=1&b=2!",
        "a" * 200 + "b", "a" * 200 + "c", "A", "a/" * 50 + "x", "a/" * 50 + "y",
    )  # fmt: skip
    addresses = [f"http://x.example/{path}" for path in paths]
    addresses += ["http://y.example/a", "http://x.example:81/a"]
    addresses += ["http://[1:2::3:4]/a", "http://[1::2:3:4]/a"]
    long = ".".join("yz" * 20 for _ in range(3))
    addresses += [f"http://{long}.a.example/a", f"http://{long}.b.example/a"]
    assert len({place_of(one) for one in addresses}) == len(addresses)
    assert place_of("http://x.example/a?utm_source=mail#top") == place_of("http://x.example/a")


def entry(title, text="It is so.", **fields):
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<item><title>{title}</title><description>{text}</description>{inner}</item>"


def feed_of(*entries):
    return f"<rss version='2.0'><channel>{''.join(entries)}</channel></rss>".encode()


@pytest.mark.parametrize("guid", ["../../../victim", ".hidden", "a" * 400, "/etc/x", "\u202e"])
def test_entry_without_an_address_stays_in_the_folder(web, tmp_path, guid):
    address, outlet = web
    folder = tmp_path / "deep" / "pages"
    outlet.give("/feed", feed_of(entry("A", guid=guid)), "application/rss+xml")
    found = collect([f"{address}/feed"], folder, OPEN)
    assert found.problems == [] and len(found.changed) == 1
    assert found.changed[0].is_relative_to(folder / place_of(address).partition("/")[0])
    assert not any(part.startswith(".") for part in found.changed[0].relative_to(folder).parts)


def test_no_site_writes_the_articles_of_another(web, tmp_path):
    address, outlet = web
    with playing() as (other, evil):
        outlet.give("/ferry", article("Ferry", "The ferry sank at noon."))
        collect([f"{address}/ferry"], tmp_path, OPEN)
        evil.give("/feed", feed_of(entry("Ferry", link=f"{address}/ferry")), "text/xml")
        evil.give("/page", article("Ferry", "It never sank.", canonical=f"{address}/ferry"))
        found = collect([f"{other}/feed", f"{other}/page"], tmp_path, OPEN)
    place = place_of(other).partition("/")[0]
    assert found.problems == [] and len(found.changed) == 2
    assert all(path.is_relative_to(tmp_path / place) for path in found.changed)
    assert b"sank at noon" in (tmp_path / f"{place_of(f'{address}/ferry')}.html").read_bytes()


def test_entries_of_one_address_or_of_none_are_apart_and_stay_the_same(web, tmp_path):
    address, outlet = web
    live = [entry(f"Live {n}", link=f"{address}/live#{n}", guid=f"g{n}") for n in range(3)]
    bare = [entry("One", "The first text."), entry("Two", "The second text.")]
    outlet.give("/feed", feed_of(*live, *bare), "text/xml")
    assert len(collect([f"{address}/feed"], tmp_path, OPEN).changed) == 5
    again = collect([f"{address}/feed"], tmp_path, OPEN)
    assert (again.changed, again.n_same) == ([], 5)
    outlet.give("/feed", feed_of(entry("New", "A new text."), *live, *bare), "text/xml")
    assert len(collect([f"{address}/feed"], tmp_path, OPEN).changed) == 1


def test_whole_page_takes_the_place_of_its_entry_and_keeps_it(web, tmp_path):
    address, outlet = web
    outlet.give("/feed", feed_of(entry("Ferry", link=f"{address}/ferry")), "text/xml")
    outlet.give("/ferry", article("Ferry", "The ferry sank at noon."))
    collect([f"{address}/feed"], tmp_path, OPEN)
    collect([f"{address}/ferry"], tmp_path, OPEN)
    assert files(tmp_path) == ["ferry.html"]
    collect([f"{address}/feed"], tmp_path, OPEN)
    assert files(tmp_path) == ["ferry.html"]


def test_front_page_is_the_own_address_of_no_other_page(web, tmp_path):
    address, outlet = web
    for name in "ab":
        outlet.give(f"/{name}", article(name, f"The {name} text.", canonical="/"))
    outlet.give("/c", b"<!-- <link rel=canonical href=/x> -->" + article("C", "The c text."))
    collect([f"{address}/{name}" for name in "abc"], tmp_path, OPEN)
    assert files(tmp_path) == ["a.html", "b.html", "c.html"]


@pytest.mark.parametrize(
    "link", ["http://[x/", "http://127.0.0.1:99999/", "http://a..b/", "http://" + "a" * 70 + "/"]
)
def test_addresses_that_are_none_end_nothing(web, tmp_path, link):
    address, outlet = web
    outlet.give("/page", article("A", "One two three.", canonical=link))
    outlet.give("/feed", feed_of(entry("B", link=link)), "text/xml")
    outlet.give("/map", f"<urlset><url><loc>{link}</loc></url></urlset>".encode(), "text/xml")
    outlet.give("/good", article("G", "Four five six."))
    given = [f"{address}/{name}" for name in ("page", "feed", "map", "good")]
    found = collect([*given, link], tmp_path, OPEN)
    assert len(found.changed) == 3 and len(found.problems) == 1  # the link itself, once


def test_no_login_and_no_cookie_is_sent_or_kept(web, tmp_path):
    address, outlet = web
    with_login = address.replace("//", "//bob:secret@")
    outlet.give("/a", b"", status=302, location=f"{with_login}/b")
    outlet.give("/c", article("C", "One two."), set_cookie="sid=1")
    found = collect([f"{address}/a", f"{with_login}/b", f"{address}/c"], tmp_path, OPEN)
    assert len(found.problems) == 2 and "secret" not in str(found.problems)
    collect([f"{address}/c"], tmp_path, OPEN)
    headers = [name for _, given in outlet.asked for name in given]
    assert "authorization" not in headers and "cookie" not in headers


def test_page_of_a_private_address_does_not_come_from_the_cache(web, tmp_path):
    address, outlet = web
    outlet.give("/a", article("A", "One two."), cache_control="max-age=9999")
    collect([f"{address}/a"], tmp_path, OPEN)
    again = collect([f"{address}/a"], tmp_path, FetchOptions(delay_s=0.0))
    assert "private network" in again.problems[0]


def test_changed_page_is_seen_though_its_reply_may_be_kept_for_long(web, tmp_path):
    address, outlet = web
    outlet.give("/a", article("A", "It cost nine."), cache_control="max-age=9999")
    collect([f"{address}/a"], tmp_path, OPEN)
    outlet.give("/a", article("A", "It cost seven."), cache_control="max-age=9999")
    assert len(collect([f"{address}/a"], tmp_path, OPEN).changed) == 1


@pytest.mark.parametrize(
    ("robots", "given"),
    [
        ({"/robots.txt": (302, {"location": "/r"}, b""), "/r": (200, {}, b"")}, "redirected"),
        ({"/robots.txt": (200, {}, b"\xef\xbb\xbf")}, "with a byte order mark"),
    ],
    ids=["redirected", "with a byte order mark"],
)
def test_rules_are_found_in_every_form(web, tmp_path, robots, given):
    address, outlet = web
    rules = b"User-agent: *\nDisallow: /private/\n"
    for path, (status, headers, start) in robots.items():
        outlet.give(path, start + rules, "text/plain", status, **headers)
    found = collect([f"{address}/private/a"], tmp_path, OPEN)
    assert "robots.txt does not allow it" in found.problems[0]


def test_page_in_the_charset_of_its_reply(web, tmp_path):
    address, outlet = web
    page = "<html><body><article><p>Паром затонул в полдень у пристани.</p></article></body></html>"
    outlet.give("/a", page.encode("koi8-r"), "text/html; charset=KOI8-R")
    outlet.give("/feed", feed_of(entry("Zażółć gęślą")).decode().encode("iso-8859-2"),
                "application/rss+xml; charset=iso-8859-2")  # fmt: skip
    found = collect([f"{address}/a", f"{address}/feed"], tmp_path, OPEN)
    html, line = sorted(found.changed, key=lambda path: path.suffix)
    items = list(read_source(Source(html, "a", "html"), Limits()))
    assert "Паром затонул" in items[-1].text
    assert "Zażółć" in line.read_text()


def test_feed_is_known_by_its_root_whatever_its_type(web, tmp_path):
    address, outlet = web
    for number, kind in enumerate(("text/html", "text/plain", "application/octet-stream", "")):
        outlet.give(f"/f{number}", feed_of(entry(f"T{number}", guid=f"{number}x")), kind)
    given = [f"{address}/f{number}" for number in range(4)]
    found = collect(given, tmp_path, OPEN)
    assert found.problems == [] and {path.suffix for path in found.changed} == {".jsonl"}


def test_damaged_cache_is_set_aside(web, tmp_path, capfd):
    address, outlet = web
    outlet.give("/a", article("A", "One two."))
    (tmp_path / ".cache.sqlite").write_bytes(b"no database" * 500)
    found = collect([f"{address}/a"], tmp_path, OPEN)
    assert found.problems == [] and len(found.changed) == 1
    assert "Traceback" not in capfd.readouterr().err


def test_hostile_page_costs_no_time(tmp_path):
    begun = time.monotonic()
    for content in (b"<link" * 39_000 + b" rel=canonical", b"<link rel=canonical " * 10_000):
        canonical_address(Reply("http://x.example/a", content, "text/html"))
        for comments in (b"<!--" * 40_000, b"<!-- a -->" * 9_000):
            kind_of(Reply("http://x.example/a", comments + b"<html>", "text/html"))
            canonical_address(Reply("http://x.example/a", comments, "text/html"))
    assert time.monotonic() - begun < 20  # it took half a minute, and one second now


ONE = """<rss version="2.0"><channel><title>Harbour Radio</title>
<item><title>Ferry sinks</title><link>{0}/ferry</link><description>{1}</description></item>
</channel></rss>"""
WHOLE = "The ferry sank at noon. All forty passengers were saved by the lifeboat of the town."


def text_at(tmp_path, name):
    (path,) = tmp_path.rglob(name)
    return json.loads(path.read_text(encoding="utf-8"))["text"]


def test_feed_with_the_first_lines_does_not_replace_the_text_of_another(web, tmp_path):
    address, outlet = web
    outlet.give("/news", ONE.format(address, WHOLE).encode(), "application/rss+xml")
    outlet.give("/sport", ONE.format(address, "The ferry sank.").encode(), "application/rss+xml")
    feeds = [f"{address}/news", f"{address}/sport"]
    assert len(collect(feeds, tmp_path, OPEN).changed) == 1
    again = collect(feeds, tmp_path, OPEN)
    assert (again.changed, again.n_same) == ([], 2)
    assert text_at(tmp_path, "ferry.jsonl") == WHOLE
    shorter = ONE.format(address, "The ferry did not sink.").encode()
    outlet.give("/news", shorter, "application/rss+xml")
    collect(feeds, tmp_path, OPEN)
    assert text_at(tmp_path, "ferry.jsonl") == "The ferry did not sink."


def test_entry_that_a_feed_lists_twice_is_one_article(web, tmp_path):
    address, outlet = web
    once = ONE.format(address, WHOLE)
    item = once[once.index("<item>") : once.index("</channel>")]
    twice = [item.replace("<link>", f"<guid>{guid}</guid><link>") for guid in "ab"]
    outlet.give("/feed", once.replace(item, "".join(twice)).encode(), "application/rss+xml")
    collect([f"{address}/feed"], tmp_path, OPEN)
    assert files(tmp_path) == ["ferry.jsonl"]


def test_feed_that_was_cut_off_replaces_no_longer_text(web, tmp_path):
    address, outlet = web
    whole = ONE.format(address, WHOLE)
    outlet.give("/feed", whole.encode(), "application/rss+xml")
    collect([f"{address}/feed"], tmp_path, OPEN)
    outlet.give("/feed", whole[: whole.index("All forty")].encode(), "application/rss+xml")
    assert collect([f"{address}/feed"], tmp_path, OPEN).changed == []
    assert text_at(tmp_path, "ferry.jsonl") == WHOLE


def test_page_in_the_place_of_a_feed_is_named_and_not_kept(web, tmp_path):
    address, outlet = web
    outlet.give("/feed", ONE.format(address, WHOLE).encode(), "application/rss+xml")
    collect([f"{address}/feed"], tmp_path, OPEN)
    outlet.give("/feed", article("We are busy", "Please come back in a few minutes, all of you."))
    found = collect([f"{address}/feed"], tmp_path, OPEN)
    assert found.failed and "where there was a feed" in found.problems[0]
    assert files(tmp_path) == ["ferry.jsonl"]


def test_site_that_asks_to_be_left_alone_is_not_asked_again(web, tmp_path):
    address, outlet = web
    outlet.give("/a", b"", status=429, retry_after="600")
    visits = Visits()
    found = collect([f"{address}/a", f"{address}/b"], tmp_path, OPEN, visits)
    assert "status 429" in found.problems[0] and "left alone" in found.problems[1]
    collect([f"{address}/c"], tmp_path, OPEN, visits)
    assert [path for path in outlet.paths() if path != "/robots.txt"] == ["/a"]


@pytest.mark.parametrize(
    ("status", "retry_after", "rests"),
    [
        (429, "", True),
        (429, "7", True),
        (503, "120", True),
        (503, "Fri, 31 Dec 2100 23:59:59 GMT", True),
        (503, "", False),
        (503, "soon", True),
        (404, "600", False),
        (429, "9" * 40, True),
        (429, "²", True),
        (429, "Fri, 31 Dec 1999 23:59:59 GMT", True),
    ],
)
def test_pause_that_a_site_asks_for_is_at_most_an_hour(status, retry_after, rests):
    visits = Visits()
    visits.rest("x.example", status, retry_after)
    left = visits.rests.get("x.example", 0.0) - time.monotonic()
    assert (0 < left <= 3_600) is rests
