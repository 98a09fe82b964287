"""Watching: what is new is indexed once, a source that fails is left alone, nothing is lost."""

import json
import os
import resource
import shutil
import signal
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from outlets import article, playing

from qa_bot import QABot, Settings
from qa_bot.cli.main import main
from qa_bot.fetching import FetchOptions, Visits, collect
from qa_bot.fetching.kept_pages import _KEPT_VERSIONS, KeptPages
from qa_bot.fetching.polite_client import Reply
from qa_bot.following import Change, KeptAnswer
from qa_bot.following.webhook import WebhookError, post_changes
from qa_bot.index.store.durable_files import writer_lock
from qa_bot.watching import SourceList, SourceStates, Watcher
from qa_bot.watching.folder_notices import changes_in
from qa_bot.watching.watcher import WatcherError

OPEN = FetchOptions(allow_private=True, delay_s=0.0, most_bytes=200_000)
FEED = """<rss version="2.0"><channel><title>Harbour Radio - All</title>
<item><title>Ferry sinks</title><link>/ferry</link><pubDate>Wed, 16 Jun 2021 10:00:00 GMT</pubDate>
<description>The ferry sank at noon.</description></item></channel></rss>"""


class Clock:
    def __init__(self):
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.tick = timedelta(0)  # by which it goes on each time that it is read

    def __call__(self):
        self.now += self.tick
        return self.now

    def advance(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def web():
    with playing() as played:
        yield played


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watching(tmp_path, clock):
    """Return what makes a watcher of sources, and the bot of its index."""
    bots = []

    def make(*sources, **lists):
        settings = Settings(embedder="hashing-64", reader="none", lock_wait_s=0.1)
        bot = QABot.create(tmp_path / "index", settings=settings)
        bots.append(bot)
        listed = SourceList.model_validate({"source": list(sources), **lists})
        return Watcher(bot, listed, tmp_path / "pages", OPEN, clock), bot

    yield make
    for bot in bots:
        bot.close()


@contextmanager
def limited_file_size(n_bytes):
    """Let no file of this process grow larger, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def published(bot):
    return {one.title: one.publisher for one in bot.entries()}


def test_new_articles_of_every_source_come_with_their_outlet(web, watching, tmp_path):
    address, outlet = web
    outlet.give("/feed", FEED.encode(), "application/rss+xml")
    outlet.give("/page", article("Bridge shut", "The bridge is shut for a month, they said."))
    folder = tmp_path / "releases"
    folder.mkdir()
    (folder / "a.txt").write_text("Pool opens\n\nThe pool opens on Monday, the town says.\n")
    lines = [{"id": "w", "title": "Wire", "text": "It rained.", "publisher": "Own Wire"}]
    (folder / "b.jsonl").write_text("".join(json.dumps(line) for line in lines))
    watcher, bot = watching(
        {"address": f"{address}/feed", "outlet": "Harbour Radio"},
        {"address": f"{address}/page"},
        {"folder": folder, "outlet": "Town Hall"},
    )
    done = watcher.read_all()
    assert done.problems == [] and done.n_articles == 4
    assert published(bot) == {
        "Ferry sinks": "Harbour Radio",
        "Bridge shut": None,
        "Pool opens": "Town Hall",
        "Wire": "Own Wire",
    }
    assert watcher.read_all().n_articles == 0


def test_only_sources_that_are_due_are_read(web, watching, clock):
    address, outlet = web
    outlet.give("/a", article("A", "The first one is here now."))
    outlet.give("/b", article("B", "The second one is here now."))
    watcher, _ = watching(
        {"address": f"{address}/a", "every": "10m"}, {"address": f"{address}/b"}, every="1h"
    )
    assert len(watcher.read_due().read) == 2
    clock.advance(minutes=9)
    assert watcher.read_due().read == []
    clock.advance(minutes=1)
    assert [state.name for state in watcher.read_due().read] == [f"{address}/a"]


def test_source_that_fails_is_left_alone_longer_each_time_and_ends_no_other(web, watching, clock):
    address, outlet = web
    outlet.give("/good", article("A", "The first one is here now."))
    watcher, bot = watching(
        {"address": f"{address}/gone"}, {"address": f"{address}/good"}, every="1h"
    )
    gone = f"{address}/gone"
    pauses = []
    for _ in range(7):
        watcher.read_all()
        (state,) = [one for one in SourceStates(bot.collection.folder).all() if one.name == gone]
        assert "404" in state.problem
        pauses.append((state.due - clock()) // timedelta(hours=1))
        clock.now = state.due
    assert pauses == [2, 4, 8, 16, 24, 24, 24]
    outlet.give("/gone", article("Back", "It is back now, and can be read."))
    clock.advance(hours=1)
    watcher.read_all()
    assert set(published(bot)) == {"A", "Back"}
    assert [one.failures for one in SourceStates(bot.collection.folder).all()] == [0, 0]


def test_failed_source_is_not_read_before_its_time(web, watching, clock):
    address, outlet = web
    watcher, _ = watching({"address": f"{address}/gone"}, every="1h")
    watcher.read_all()
    clock.advance(minutes=90)
    assert watcher.read_all().read == [] and outlet.paths().count("/gone") == 1


def test_folder_that_did_not_change_brings_nothing_new(watching, tmp_path, clock):
    folder = tmp_path / "releases"
    folder.mkdir()
    (folder / "a.txt").write_text("Pool opens\n\nThe pool opens on Monday.\n")
    watcher, bot = watching({"folder": folder}, every="1h")
    watcher.read_all()
    began = clock()
    for _ in range(2):
        clock.advance(hours=1)
        watcher.read_due()
    (kept,) = SourceStates(bot.collection.folder).all()
    assert kept.read == clock() and kept.changed == began


def test_problem_of_a_source_has_no_address_and_no_path(web, watching, tmp_path):
    address, outlet = web
    listed = f"<urlset><url><loc>{address}/gone?key=secret</loc></url></urlset>".encode()
    outlet.give("/map", listed, "application/xml")
    watcher, _ = watching({"address": f"{address}/gone?token=abc#x"}, {"address": f"{address}/map"})
    assert {state.problem for state in watcher.read_all().read} == {"is not there (status 404)"}


def test_restart_keeps_what_is_due(web, watching, clock):
    address, outlet = web
    outlet.give("/a", article("A", "The first one is here now."))
    source = {"address": f"{address}/a"}
    watching(source, every="1h")[0].read_due()
    clock.advance(minutes=30)
    assert watching(source, every="1h")[0].read_due().read == []


def test_moved_page_is_one_article_at_its_new_address(web, watching, clock):
    address, outlet = web
    story = "The county council of Hesk voted on Tuesday to repair the old lighthouse."
    outlet.give("/old", article("Lighthouse", story))
    outlet.give("/new", article("Lighthouse", story))
    watcher, bot = watching({"address": f"{address}/old"}, {"address": f"{address}/new"})
    watcher.read_due()
    assert len(bot.articles()) == 2
    outlet.give("/old", b"", status=301, location="/new")
    clock.advance(hours=1)
    watcher.read_due()
    assert [one.url for one in bot.articles()] == [f"{address}/new"]


def test_page_that_was_read_before_a_crash_is_indexed_after_it(web, watching, tmp_path):
    address, outlet = web
    outlet.give("/a", article("A", "The first one is here now."))
    collect([f"{address}/a"], tmp_path / "pages", OPEN)  # and then the program was killed
    watcher, bot = watching({"address": f"{address}/a"})
    watcher.read_all()
    assert set(published(bot)) == {"A"}


def test_what_another_writer_holds_up_is_indexed_in_the_next_round(web, watching, clock):
    address, outlet = web
    outlet.give("/a", article("A", "The first one is here now."))
    watcher, bot = watching({"address": f"{address}/a"}, every="1h")
    with writer_lock(bot.collection.folder, 1):
        done = watcher.read_due()
    assert done.reports == [] and "the index was not brought up to date" in done.problems[0]
    assert published(bot) == {}
    clock.advance(hours=1)
    watcher.read_due()
    assert set(published(bot)) == {"A"}


def test_file_that_cannot_be_read_is_named_once(watching, tmp_path, clock):
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.4 cut")
    watcher, _ = watching({"folder": str(folder)})
    assert "damaged.pdf" in watcher.read_due().problems[0]
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("The ferry sank at noon on Monday.", encoding="utf-8")
        clock.advance(hours=1)
        brought = watcher.read_due()
        assert brought.reports[0].put and brought.problems == []


def test_missing_folder_is_a_problem_of_its_own(watching, tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    (there / "a.txt").write_text("Pool opens\n\nThe pool opens on Monday.\n")
    watcher, bot = watching({"folder": tmp_path / "none"}, {"folder": there})
    done = watcher.read_all()
    assert done.problems == [f"{tmp_path / 'none'}: there is no such folder"]
    assert set(published(bot)) == {"Pool opens"}


def test_file_that_comes_into_a_folder_is_indexed_at_once(watching, tmp_path):
    folder = tmp_path / "releases"
    folder.mkdir()
    watcher, bot = watching({"folder": folder, "outlet": "Town Hall"}, every="1d")
    stop, rounds = threading.Event(), []

    def work():
        for done in watcher.rounds(stop):
            rounds.append(done)
            if done.n_articles:
                stop.set()
            elif len(rounds) == 1:
                threading.Timer(0.3, write).start()

    def write():
        (folder / "a.txt").write_text("Pool opens\n\nThe pool opens on Monday.\n")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    stop.set()
    thread.join(5)
    assert not thread.is_alive() and published(bot) == {"Pool opens": "Town Hall"}


def test_second_watcher_of_an_index_is_refused(watching, tmp_path):
    first, _ = watching({"folder": tmp_path / "releases"})
    second, _ = watching({"folder": tmp_path / "releases"})
    refused = pytest.raises(WatcherError, match="Another qa-bot watch is at work")
    with first.held(), refused, second.held():
        pass
    with second.held():
        pass


def test_long_list_ends_in_time_and_goes_on_with_new_pages(web, tmp_path):
    address, outlet = web
    pages = "".join(f"<url><loc>{address}/{n}</loc></url>" for n in range(30))
    outlet.give("/map", f"<urlset>{pages}</urlset>".encode(), "application/xml")
    for n in range(30):
        outlet.give(f"/{n}", article(f"T{n}", f"Page {n} has some words to read."))
    hurried = FetchOptions(allow_private=True, delay_s=0.05, most_seconds=0.5)
    first = collect([f"{address}/map"], tmp_path, hurried)
    assert "addresses were not read: time was over" in first.problems[0]
    assert 0 < len(first.changed) < 30
    second = collect([f"{address}/map"], tmp_path, hurried)
    assert second.changed and not set(second.changed) & set(first.changed)


def test_damaged_file_of_states_is_made_anew(watching, tmp_path):
    folder = tmp_path / "releases"
    folder.mkdir()
    watcher, bot = watching({"folder": folder})
    (bot.collection.folder / "watching.json").write_text("{")
    watcher.read_all()
    assert [one.name for one in SourceStates(bot.collection.folder).all()] == [str(folder)]


# The command line ----------------------------------------------------------------------------


def test_watch_once_reads_says_what_came_and_what_failed(web, tmp_path, capsys):
    address, outlet = web
    outlet.give("/page", article("Bridge shut", "The bridge is shut for a month, they said."))
    sources = tmp_path / "sources.toml"
    good = f'[[source]]\naddress = "{address}/page"\noutlet = "Hesk Herald"\n'
    sources.write_text(good)
    command = ["watch", str(sources), "--once", "--allow-private", "--index", str(tmp_path / "i")]
    assert main(command) == 0
    assert "read 1 of 1 sources: 1 articles new or changed, 0 sources failed" in (
        capsys.readouterr().err
    )
    sources.write_text(f'{good}[[source]]\naddress = "{address}/gone"\n')
    assert main(command) == 1
    err = capsys.readouterr().err
    assert (
        f"skipped: {address}/gone" in err and "0 articles new or changed, 1 sources failed" in err
    )
    assert main(command) == 1  # the one that failed is not tried again yet
    err = capsys.readouterr().err
    assert "read 1 of 2 sources" in err and f": {address}/gone: " in err.split("paused until")[1]
    assert main(["list", "--index", str(tmp_path / "i")]) == 0
    assert "Hesk Herald" in capsys.readouterr().out


def test_mistaken_list_or_time_is_an_error_before_anything_is_made(tmp_path, capsys):
    index = tmp_path / "i"
    assert main(["watch", "none.toml", "--index", str(index)]) == 1
    assert "none.toml: No such file" in capsys.readouterr().err
    with pytest.raises(SystemExit) as raised:
        main(["watch", "none.toml", "--every", "soon"])
    assert raised.value.code == 2 and "'soon' is no interval" in capsys.readouterr().err
    assert not index.exists()


def test_list_is_printed_for_a_feed_reader(tmp_path, capfdbinary):
    (tmp_path / "s.toml").write_text('[[source]]\naddress = "https://a.example/feed"\n')
    assert main(["watch", "s.toml", "--opml"]) == 0
    assert b'xmlUrl="https://a.example/feed"' in capfdbinary.readouterr().out


# The webhook ---------------------------------------------------------------------------------


def kept(short):
    return KeptAnswer(
        at="2026-01-01T00:00:00+00:00",
        answered=True, short=short, text=short, timeline=False, quotes=(),
    )  # fmt: skip


def test_webhook_gets_the_changes(web):
    address, outlet = web
    change = Change(question="How many?", before=kept("140"), after=kept("187"))
    post_changes(f"{address}/hook", [change])
    (body,) = outlet.posted
    assert json.loads(body) == {"changes": [change.model_dump(mode="json")]}


@pytest.mark.parametrize("place", ["/refused", None])
def test_webhook_that_does_not_take_them_is_named(web, place):
    address = f"{web[0]}{place}" if place else "http://127.0.0.1:1/"
    with pytest.raises(WebhookError, match="the webhook (answered 403|cannot be reached)"):
        post_changes(address, [Change(question="Q", before=kept("a"), after=kept("b"))])


# What an attack found --------------------------------------------------------------------------


def test_first_round_indexes_folders_that_are_not_due(watching, tmp_path, clock):
    folder = tmp_path / "releases"
    folder.mkdir()
    watching({"folder": folder}, every="1h")[0].read_due()
    (folder / "a.txt").write_text("Pool opens\n\nThe pool opens on Monday.\n")  # while it is down
    watcher, bot = watching({"folder": folder}, every="1h")
    assert watcher.read_due().n_articles == 1 and set(published(bot)) == {"Pool opens"}


def test_index_that_was_busy_is_tried_again_though_no_source_is_due(web, watching, clock):
    address, outlet = web
    outlet.give("/a", article("A", "The first one is here now."))
    watcher, bot = watching({"address": f"{address}/a"}, every="1h")
    with writer_lock(bot.collection.folder, 1):
        watcher.read_due()
        clock.advance(seconds=30)
        assert watcher.read_due().problems == []  # not at every tick
    clock.advance(seconds=31)
    assert watcher.read_due().n_articles == 1


@pytest.mark.parametrize("due", ["2096-01-01T00:00:00Z", "2026-01-01T00:00:00", "soon", 7])
def test_time_that_no_reading_gave_is_now(watching, tmp_path, due):
    folder = tmp_path / "releases"
    folder.mkdir()
    watcher, bot = watching({"folder": folder})
    watcher.read_all()
    path = bot.collection.folder / "watching.json"
    kept = json.loads(path.read_text())
    kept["sources"][0]["due"] = due
    path.write_text(json.dumps(kept))
    assert len(watching({"folder": folder})[0].read_due().read) == 1


def test_fault_of_the_folder_of_pages_ends_no_other_source(watching, tmp_path):
    folder = tmp_path / "releases"
    folder.mkdir()
    (folder / "a.txt").write_text("Pool opens\n\nThe pool opens on Monday.\n")
    (tmp_path / "pages").write_text("a file where a folder should be")
    watcher, bot = watching({"address": "http://127.0.0.1:1/"}, {"folder": folder})
    done = watcher.read_all()
    assert set(published(bot)) == {"Pool opens"}
    assert f"cannot be kept (File exists) in {tmp_path / 'pages'}" in done.problems[0]
    assert done.read[0].problem == "cannot be kept (File exists)"


@pytest.mark.parametrize("place", [".", "index", "pages"])
def test_folder_with_the_index_or_the_pages_is_refused(watching, tmp_path, place):
    with pytest.raises(ValueError, match="holds the index or the pages"):
        watching({"folder": tmp_path / place})


def test_files_of_the_same_name_have_ids_of_their_own_with_a_prefix(watching, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "monday.txt").write_text(f"News of {name}\n\nIt is in {name} only.\n")
    one, two = {"folder": tmp_path / "one"}, {"folder": tmp_path / "two"}
    done = watching(one, two)[0].read_all()
    assert "has the same article id" in done.problems[0]
    watcher, bot = watching(one, {**two, "prefix": "two"})
    assert watcher.read_all().problems == []
    assert {entry.id for entry in bot.entries()} == {"monday", "two/monday"}


def test_hosts_are_not_asked_more_often_for_many_sources(web, tmp_path):
    address, outlet = web
    waited = []
    visits = Visits(sleep=waited.append)
    for name in "abc":
        outlet.give(f"/{name}", article(name, "There are some words on it."))
        collect([f"{address}/{name}"], tmp_path, replace(OPEN, delay_s=5.0), visits)
    assert outlet.paths() == ["/robots.txt", "/a", "/b", "/c"]
    assert len(waited) == 3 and min(waited) > 4


def test_robots_txt_counts_for_an_hour_over_all_rounds(web, watching, clock):
    address, outlet = web
    outlet.give("/a", article("A", "There are some words on it."))
    watcher, _ = watching({"address": f"{address}/a"})
    for _round in range(3):
        watcher.read_due()
        clock.advance(hours=1)
    assert outlet.paths() == ["/robots.txt", "/a", "/a", "/a"]
    for host in watcher._visits.hosts.values():
        host.read -= 3_601
    outlet.give("/robots.txt", b"User-agent: *\nDisallow: /\n", "text/plain")
    problems = watcher.read_due().problems
    assert outlet.paths()[4:] == ["/robots.txt"] and "robots.txt does not allow it" in problems[0]


def test_site_that_asks_to_be_left_alone_is_in_later_rounds_too(web, watching, clock):
    address, outlet = web
    outlet.give("/a", b"", status=429, retry_after="600")
    outlet.give("/b", article("B", "There are some words on it."))
    watcher, _ = watching({"address": f"{address}/a"}, {"address": f"{address}/b"})
    for _round in range(2):
        watcher.read_due()
        clock.advance(days=1)
    assert outlet.paths() == ["/robots.txt", "/a"]


def test_page_is_kept_where_its_new_form_cannot_be_written(tmp_path):
    pages = KeptPages(tmp_path)
    path, _ = pages.write(
        "x.example/a", ".html", Reply("http://x.example/a", b"first", "text/html")
    )
    with limited_file_size(1), pytest.raises(OSError, match="File too large"):
        pages.write("x.example/a", ".html", Reply("http://x.example/a", b"second", "text/html"))
    assert path.read_bytes() == b"first" and not list(tmp_path.rglob(".new-*"))


def test_only_so_many_versions_of_a_page_are_kept(web, tmp_path):
    address, outlet = web
    for n in range(_KEPT_VERSIONS + 5):
        outlet.give("/a", article("A", f"This is number {n} of them."))
        collect([f"{address}/a"], tmp_path, OPEN)
    versions = list(tmp_path.rglob(".versions/*"))
    assert len(versions) == _KEPT_VERSIONS
    assert not any(b"number 3 of" in one.read_bytes() for one in versions)


def test_dead_links_of_a_long_list_do_not_hide_the_others(web, tmp_path):
    address, outlet = web
    names = [*(f"dead{n}" for n in range(20)), "new"]
    pages = "".join(f"<url><loc>{address}/{name}</loc></url>" for name in names)
    outlet.give("/map", f"<urlset>{pages}</urlset>".encode(), "application/xml")
    outlet.give("/new", article("New", "This page has come at last."))
    hurried = FetchOptions(allow_private=True, delay_s=0.03, most_seconds=0.4)
    for _ in range(30):
        if collect([f"{address}/map"], tmp_path, hurried).changed:
            return
    raise AssertionError("the new page was never read")


def test_folder_that_comes_later_or_again_is_listened_to(tmp_path):
    folder, stop, seen = tmp_path / "later", threading.Event(), []
    changes = changes_in([folder], stop)
    assert next(changes) == set()
    for _ in range(2):
        folder.mkdir()
        deadline = time.monotonic() + 20
        while folder not in seen and time.monotonic() < deadline:
            seen += next(changes)
        next(changes)
        (folder / "a.txt").write_text("x")
        while folder / "a.txt" not in seen and time.monotonic() < deadline:
            seen += next(changes)
        assert folder in seen and folder / "a.txt" in seen
        shutil.rmtree(folder)
        next(changes)
        seen.clear()
    stop.set()


def test_file_that_comes_during_the_first_round_is_noticed(tmp_path):
    stop, seen = threading.Event(), []
    changes = changes_in([tmp_path], stop)
    assert next(changes) == {tmp_path}
    (tmp_path / "a.txt").write_text("x")  # while the first change is worked on
    deadline = time.monotonic() + 10
    while not seen and time.monotonic() < deadline:
        seen += next(changes)
    assert seen == [tmp_path / "a.txt"]
    stop.set()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_name_that_is_no_text_does_not_end_the_listening(tmp_path):
    stop, seen = threading.Event(), []
    changes = changes_in([tmp_path], stop)
    assert next(changes) == {tmp_path}
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/c\xe9.txt")).write_text("x")
    (tmp_path / "a.txt").write_text("x")
    deadline = time.monotonic() + 20
    while tmp_path not in seen and time.monotonic() < deadline:
        seen += next(changes)
    assert tmp_path in seen
    stop.set()


def test_webhook_that_drips_or_has_no_host_is_given_up(web):
    change = Change(question="Q", before=kept("a"), after=kept("b"))
    for address in ("http://a..b/x", "http://[::1/x", f"{web[0]}/drip-hook"):
        with pytest.raises(WebhookError, match="^the webhook "):
            post_changes(address, [change], seconds=0.5)


def test_long_round_comes_in_parts_whose_times_are_kept(web, watching, clock, tmp_path):
    address, outlet = web
    for name in "abc":
        outlet.give(f"/{name}", article(name.upper(), f"The {name} one is here now, they said."))
    clock.tick = timedelta(seconds=15)
    watcher, bot = watching(*({"address": f"{address}/{name}"} for name in "abc"), every="1h")
    stop, parts = threading.Event(), []
    for part in watcher.rounds(stop):
        kept = SourceStates(tmp_path / "index").all()
        n_read = sum(one.read.year > 1 for one in kept)
        parts.append((len(part.read), part.n_articles, len(published(bot)), n_read))
        if len(parts) == 3:
            stop.set()
    assert parts == [(1, 1, 1, 1), (1, 1, 2, 2), (1, 1, 3, 3)]
