"""Metrics, request ids, and log lines without anybody's words."""

import io
import json
import logging

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa_bot.bot import EVENTS
from qa_bot.web import metrics

pytestmark = pytest.mark.slow
QUESTION = "Who was elected mayor of Saltmere?"


def figures(server):
    text = httpx.get(f"{server}/metrics").text
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_answers_and_requests_are_counted(server):
    before = figures(server)
    httpx.post(f"{server}/api/ask", json={"question": QUESTION}, timeout=60)
    httpx.post(f"{server}/api/ask", json={"question": "What is the capital of Peru?"}, timeout=60)
    httpx.get(f"{server}/no/such/place")
    after = figures(server)

    def more(*name):
        return after.get(name, 0) - before.get(name, 0)

    assert more("qa_bot_answers_total", "answered") == 1
    declined = sum(more(*name) for name in after if name[0] == "qa_bot_answers_total") - 1
    assert declined == 1
    assert more("qa_bot_requests_total", "/api/ask", "200") == 2
    assert more("qa_bot_requests_total", "404", "page") == 1
    assert more("qa_bot_stage_seconds_count", "total") == 2
    assert after["qa_bot_articles",] == 32


def test_a_request_has_an_id_its_own_or_the_callers(server):
    assert len(httpx.get(f"{server}/healthz").headers["x-request-id"]) == 16
    for given, kept in (("abc-1", True), ("a b", False), ("x" * 65, False)):
        reply = httpx.get(f"{server}/healthz", headers={"x-request-id": given})
        assert (reply.headers["x-request-id"] == given) == kept


def test_log_lines_are_json_with_the_id_and_nobodys_words(bot, monkeypatch):
    written = io.StringIO()
    for name in ("qa_bot", EVENTS):
        logger = logging.getLogger(name)
        monkeypatch.setattr(logger, "handlers", [])
        monkeypatch.setattr(logger, "propagate", logger.propagate)
    monkeypatch.setattr("sys.stderr", written)
    metrics.write_logs("json")
    app = Starlette(routes=[Route("/api/ask", lambda _: JSONResponse(bot.ask(QUESTION).text))])
    client = TestClient(metrics.RequestRecorder(app, metrics.Metrics(bot)))
    assert client.get("/api/ask", headers={"x-request-id": "mine"}).status_code == 200
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    mine = [line for line in lines if line["request_id"] == "mine"]
    assert {line["message"] for line in mine} == {"asked", "request"}
    assert next(line for line in mine if line["message"] == "request")["status"] == 200
    assert "mayor" not in written.getvalue() and "Saltmere" not in written.getvalue()
