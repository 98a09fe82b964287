"""Reading from the web: what is kept, what is asked again, and what is refused."""

import json

import pytest
from outlets import article, bomb, playing

from qa_bot.corpus import Limits, Source, read_source
from qa_bot.datatypes import Article
from qa_bot.fetching import Manners, collect
from qa_bot.fetching.collecting import MOST_PAGES
from qa_bot.fetching.guarded_transport import FetchError, GuardedTransport
from qa_bot.fetching.kept_pages import place_of
from qa_bot.fetching.polite_client import PoliteClient

OPEN = Manners(allow_private=True, delay_s=0.0, most_bytes=200_000)
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
    manners = Manners(full=True, allow_private=True, delay_s=0.0)
    found = collect([f"{address}/feed"], tmp_path, manners)
    assert files(tmp_path) == ["ferry.html"]
    assert found.problems == [f"{address}/bridge is not there (status 404)"]


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
    import gzip

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
        cache, most_bytes=10_000, allow_private=True, delay_s=2.0, sleep=waited.append
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


def test_private_addresses_are_refused_unless_allowed(web, tmp_path):
    address, outlet = web
    found = collect([f"{address}/a"], tmp_path, Manners(delay_s=0.0))
    assert "is in a private network (--allow-private allows it)" in found.problems[0]
    assert outlet.asked == []


def test_host_with_one_private_address_is_refused_and_the_checked_one_is_used(monkeypatch):
    import httpx

    sent = []

    def answers(*addresses):
        entries = [(2, 1, 6, "", (one, 80)) for one in addresses]
        monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: entries)

    class Inner(httpx.BaseTransport):
        def handle_request(self, request):
            sent.append(request)
            return httpx.Response(200)

    transport = GuardedTransport(inner=Inner())
    answers("93.184.216.34", "10.0.0.1")
    with pytest.raises(FetchError, match="private network"):
        transport.handle_request(httpx.Request("GET", "https://x.example/a"))
    answers("93.184.216.34")
    transport.handle_request(httpx.Request("GET", "https://x.example/a"))
    assert str(sent[0].url) == "https://93.184.216.34/a"
    assert sent[0].headers["host"] == "x.example"
    assert sent[0].extensions["sni_hostname"] == "x.example"


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
    outlet.give("/broken", b"", status=500)
    outlet.give("/good", article("A", "One two three."))
    found = collect([f"{address}{path}", f"{address}/good"], tmp_path, OPEN)
    assert found.problems == [f"{address}{path} {reason}"]
    assert files(tmp_path) == ["good.html"]


def test_slow_page_is_given_up(web, tmp_path):
    address, _ = web
    cache = tmp_path / "cache"
    with (
        PoliteClient(cache, most_bytes=1000, allow_private=True, delay_s=0, seconds=0.5) as client,
        pytest.raises(FetchError, match="does not answer in time"),
    ):
        client.get(f"{address}/slow")


@pytest.mark.parametrize(
    "address",
    [
        "http://x.example/../../etc/passwd",
        "http://x.example/%2e%2e/%2e%2e/a",
        "http://x.example/.git/config",
        "http://x.example/a%00b",
        "http://x.example/" + "a" * 500,
        "http://x.example/?q=/../../b",
        "http://x.example/~user/%5c..%5cb",
    ],
)
def test_no_address_leads_out_of_the_folder_or_to_a_hidden_file(tmp_path, address):
    path = tmp_path / f"{place_of(address)}.html"
    assert path.resolve().is_relative_to(tmp_path / "x.example")
    assert not any(part.startswith(".") for part in path.relative_to(tmp_path).parts)
    assert all(len(part) < 120 and part.isprintable() for part in path.parts)


def test_different_addresses_have_different_places():
    same_start = "http://x.example/" + "a" * 200
    addresses = [
        "http://x.example/a", "http://x.example/a/b", "http://x.example/a?p=1",
        "http://x.example/a?p=2", "http://y.example/a", "http://x.example:81/a",
        same_start + "b", same_start + "c",
    ]  # fmt: skip
    assert len({place_of(one) for one in addresses}) == len(addresses)
