"""Adding an address: only for the machine's own user, in a session, with the reason if it fails."""

import httpx
import pytest
from outlets import article, playing
from serving import serving

from qa_bot import QABot, Settings
from qa_bot.fetching import FetchOptions
from qa_bot.web.sessions import Sessions, UploadError

RACE = "Anna Brisk won the race at Hesk on Monday. The race had 40 runners."
NEAR = FetchOptions(allow_private=True, delay_s=0.0)


@pytest.fixture
def bot(tmp_path):
    made = QABot.create(tmp_path / "i")
    yield made
    made.close()


@pytest.fixture
def sessions(bot):
    made = Sessions(bot, NEAR)
    yield made
    made.close()


def test_address_is_in_its_session_only(bot, sessions):
    session = Sessions.new_id()
    with playing() as (address, outlet):
        outlet.give("/race", article("Race", RACE))
        added = sessions.add_address(session, f" {address}/race ")
    (one,) = added.articles
    assert one.url == one.path == f"{address}/race" and added.remarks == ()
    assert sessions.bot(session).article(one.id).text.count("Anna Brisk") == 1
    assert bot.article(one.id) is None
    assert sessions.remove(session, one.id) and not sessions.own_ids(session)


def test_feed_brings_its_entries_and_says_what_was_not_read(sessions):
    entries = "".join(
        f"<item><title>Race {n}</title><link>http://x.example/{n}</link>"
        f"<description>{RACE}</description></item>"
        for n in range(3)
    )
    feed = f"<rss version='2.0'><channel>{entries}<item/></channel></rss>".encode()
    with playing() as (address, outlet):
        outlet.give("/feed", feed, "application/rss+xml")
        added = sessions.add_address(Sessions.new_id(), f"{address}/feed")
    assert sorted(one.title for one in added.articles) == ["Race 0", "Race 1", "Race 2"]
    assert len(added.remarks) == 1


@pytest.mark.parametrize(
    ("path", "reason"), [("/gone", "404"), ("/empty", "no article text"), ("/picture", "image/png")]
)
def test_address_without_an_article_says_why(sessions, path, reason):
    with playing() as (address, outlet):
        outlet.give("/empty", b"<html></html>")
        outlet.give("/picture", b"PNG", "image/png")
        with pytest.raises(UploadError, match=reason):
            sessions.add_address(Sessions.new_id(), f"{address}{path}")


@pytest.mark.parametrize("typed", ["news", "ftp://x.example/a", "http://[", "javascript:alert(1)"])
def test_text_that_is_no_address_says_why(sessions, typed):
    with pytest.raises(UploadError, match="was not added: .*"):
        sessions.add_address(Sessions.new_id(), typed)


def test_session_has_a_limit_of_files_and_addresses(tmp_path):
    bot = QABot.create(tmp_path / "i", settings=Settings(upload_files=1))
    sessions, session = Sessions(bot, NEAR), Sessions.new_id()
    with playing() as (address, outlet):
        outlet.give("/race", article("Race", RACE))
        sessions.add_address(session, f"{address}/race")
        with pytest.raises(UploadError, match="remove some"):
            sessions.add_address(session, f"{address}/race")
    sessions.close()
    bot.close()


@pytest.mark.slow
def test_page_reads_no_private_address_unless_allowed(tmp_path):
    QABot.create(tmp_path / "i").close()
    with playing() as (given, outlet), serving(tmp_path / "i") as address:
        reply = httpx.post(f"{address}/addresses", json={"address": f"{given}/race"})
        assert reply.status_code == 422 and "private network" in reply.json()["error"]
        assert outlet.asked == []


@pytest.mark.slow
@pytest.mark.parametrize("setting", [{"host": "0.0.0.0"}, {"uploads": "off"}])
def test_page_that_others_use_reads_no_address(tmp_path, setting):
    QABot.create(tmp_path / "i").close()
    with serving(tmp_path / "i", **setting) as address:
        reply = httpx.post(f"{address}/addresses", json={"address": "https://x.example/"})
        assert reply.status_code == 403 and "qa-bot add" in reply.json()["error"]
        assert "qb-address" not in httpx.get(f"{address}/articles").text
