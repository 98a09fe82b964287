"""The list of sources: what it may say, and one clear sentence for everything else."""

from datetime import timedelta

import pytest

from qa_bot.watching import parse_interval, read_source_list, to_opml
from qa_bot.watching.source_list import SourceListError

GOOD = """
every = "1h"
[[source]]
address = "https://news.example/feed.xml"
outlet = "Hesk Herald"
full = true
[[source]]
folder = "releases"
every = "30s"
"""


@pytest.fixture
def listed(tmp_path):
    def write(text, name="sources.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_addresses_and_folders_are_read_in_order(listed, tmp_path):
    found = read_source_list(listed(GOOD))
    feed, folder = found.sources
    assert feed.name == "https://news.example/feed.xml" and feed.full
    assert feed.outlet == "Hesk Herald" and feed.every is None
    assert folder.folder == tmp_path / "releases" and folder.every == timedelta(seconds=30)
    assert found.every == timedelta(hours=1) and found.webhook is None
    assert found.read_every(timedelta(minutes=5)).sources[1].every is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it names no source; begin each with a line [[source]]"),
        ("[[source]]", "source 1: a source has an address or a folder"),
        ('[[source]]\naddress = "https://x.example"\nfolder = "x"', "an address or a folder"),
        ('[[source]]\naddress = "news.example"', "'news.example' is no web address"),
        ('[[source]]\nadress = "https://x.example"', "source 1 'adress' is no key of it"),
        ('[[sources]]\nfolder = "x"', "'sources' is no key of it"),
        ('[[source]]\nfolder = "x"\nevery = "soon"', "'soon' is no interval: write it like 90s"),
        ('every = "1s"\n[[source]]\nfolder = "x"', "'1s' is no interval"),
        ('[[source]]\nfolder = "x"\n[[source]]\nfolder = "x"', "x is named twice"),
        ('webhook = "me"\n[[source]]\nfolder = "x"', "webhook is 'me'"),
        ('[source]\nfolder = "x"', "begin each source with [[source]], in two brackets"),
        ("[[source]\n", "sources.toml: "),
        (b"\xff\xfe\x00", "sources.toml: "),
    ],
)
def test_fault_of_a_list_is_one_sentence(listed, text, words):
    with pytest.raises(SourceListError) as raised:
        read_source_list(listed(text))
    assert words in str(raised.value) and "\n" not in str(raised.value).strip()


def test_missing_list_is_named(tmp_path):
    with pytest.raises(SourceListError, match=r"none\.toml: No such file"):
        read_source_list(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "interval"), [("90s", 90), (" 15M ", 900), ("2 h", 7200), ("1d", 86400)]
)
def test_interval_is_a_number_with_a_unit(text, interval):
    assert parse_interval(text) == timedelta(seconds=interval)


@pytest.mark.parametrize(
    "text", ["15", "m", "-5m", "9s", "31d", "1.5h", "", None, 15, "9" * 99 + "d"]
)
def test_other_intervals_are_refused(text):
    with pytest.raises(ValueError, match="is no interval"):
        parse_interval(text)


def test_opml_of_a_feed_reader_is_read_and_written(listed):
    opml = b"""<?xml version="1.0"?><opml version="1.0"><body>
    <outline text="News"><outline text="Hesk &amp; Herald" xmlUrl="https://h.example/f"/>
    <outline title="Wire" text="x" xmlUrl=" https://w.example/f "/></outline>
    <outline text="twice" xmlUrl="https://h.example/f"/></body></opml>"""
    found = read_source_list(listed(opml, "feeds.opml"))
    assert [(one.address, one.outlet) for one in found.sources] == [
        ("https://h.example/f", "Hesk & Herald"),
        ("https://w.example/f", "Wire"),
    ]
    again = read_source_list(listed(to_opml(found), "again.opml"))
    assert again == found


@pytest.mark.parametrize(
    ("opml", "words"),
    [
        (b"<opml><body/></opml>", "it names no source"),
        (b"<opml>", "it is no OPML: "),
        (b"", "it is no OPML: "),
        (b'<opml><outline xmlUrl="feed:x"/></opml>', "it names no source"),
    ],
)
def test_fault_of_an_opml_file_is_one_sentence(listed, opml, words):
    with pytest.raises(SourceListError, match=words):
        read_source_list(listed(opml, "feeds.opml"))


def test_entities_of_an_opml_file_are_not_resolved(listed, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("https://secret.example/")
    opml = f"""<!DOCTYPE opml [<!ENTITY s SYSTEM "{secret}">]>
    <opml><body><outline text="&s;" xmlUrl="https://a.example/"/></body></opml>"""
    try:
        found = read_source_list(listed(opml, "feeds.opml"))
    except SourceListError:
        return
    assert "secret" not in (found.sources[0].outlet or "")
