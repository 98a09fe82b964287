"""The service told to stop, flooded, and talked to by clients that stall or leave."""

import concurrent.futures
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from web.serving import serving

from qa_bot import QABot, Settings

PLAIN = {"embedder": "hashing-64", "reader": "none"}
pytestmark = pytest.mark.slow


@pytest.fixture
def index(tmp_path):
    QABot.build(index=tmp_path / "index", settings=Settings(**PLAIN)).close()
    return tmp_path / "index"


def ask(address, question="Who won the regatta?"):
    return httpx.post(f"{address}/api/ask", json={"question": question}, timeout=120)


def test_200_clients_at_once_get_an_answer_or_are_told_to_come_again(index):
    with serving(index, **PLAIN) as address, concurrent.futures.ThreadPoolExecutor(200) as many:
        replies = list(many.map(lambda n: ask(address, f"Who won regatta {n}?"), range(200)))
        codes = {reply.status_code for reply in replies}
        assert codes <= {200, 429, 503}
        assert sum(reply.status_code == 200 for reply in replies) >= 60
        assert all("retry-after" in r.headers for r in replies if r.status_code == 429)
        assert ask(address).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /healthz HTTP/1.1\r\nhost:",
        b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9999\r\n\r\n{",
    ],
    ids=["nothing", "half of the headers", "half of the body"],
)
def test_900_connections_that_send_no_more_hold_nobody_up(index, sent):
    with serving(index, **PLAIN) as address:
        host, port = address.removeprefix("http://").split(":")
        waiting = []
        for _ in range(900):
            one = socket.create_connection((host, int(port)), 5)
            one.sendall(sent)
            waiting.append(one)
        assert ask(address).status_code == 200
        assert httpx.get(f"{address}/healthz", timeout=30).status_code == 200
        for one in waiting:
            one.close()
        assert ask(address).status_code == 200


@pytest.mark.parametrize(
    ("after", "loaded"), [(0.0, True), (0.02, True), (0.1, True), (0.3, True), (0.3, False)]
)
def test_told_to_stop_it_finishes_what_it_answers(index, after, loaded):
    given = {f"QA_BOT_{k.upper()}": v for k, v in PLAIN.items()} | {"QA_BOT_LOGS": "off"}
    command = [sys.executable, "-m", "qa_bot.cli", "chat", "--index", str(index), "--port", "0"]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | given)
    address = child.stderr.readline().split()[3]
    while loaded and httpx.get(f"{address}/readyz").status_code == 503:
        time.sleep(0.1)
    with concurrent.futures.ThreadPoolExecutor(4) as many:
        asked = [many.submit(ask, address) for _ in range(4)]
        time.sleep(after)
        child.send_signal(signal.SIGTERM)
        outcomes = [one.exception() or one.result().status_code for one in asked]
    code = child.wait(40)
    with child.stderr as stderr:
        said = stderr.read()
    assert code in (0, -15) and "Traceback" not in said
    # A connection that came too late is refused, and so is one that waited for the models; none is
    # left without an end.
    kept = 200 if loaded else 503
    assert all(o == kept or isinstance(o, httpx.TransportError) for o in outcomes)
    bot = QABot.open(index, settings=Settings(**PLAIN))
    assert bot.collection._index._store.verify() == []
    bot.close()


def test_told_to_stop_while_it_writes_the_index_is_whole(tmp_path):
    articles = tmp_path / "articles"
    articles.mkdir()
    for number in range(300):
        (articles / f"{number}.txt").write_text(f"Ship {number} came in.\n\n" + "It left. " * 300)
    for delay in (1.0, 1.6, 2.2, 3.0):
        command = [sys.executable, "-m", "qa_bot.cli", "build", str(articles), "--index"]
        child = subprocess.Popen(
            [*command, str(tmp_path / "index"), "--embedder", "hashing-64"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        time.sleep(delay)
        child.send_signal(signal.SIGTERM)
        said = child.communicate(timeout=60)[1]
        assert "Traceback" not in said
    subprocess.run(
        [*command, str(tmp_path / "index"), "--embedder", "hashing-64"],
        check=True, capture_output=True,
    )  # fmt: skip
    bot = QABot.open(tmp_path / "index", settings=Settings(**PLAIN))
    assert len(list(bot.entries())) == 300
    assert bot.collection._index._store.verify() == []
    bot.close()
