"""Bytes and JSON of every kind: to the readers of files, to receipts, to the HTTP bodies."""

import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from web.serving import serving

from qa_bot import QABot, Settings
from qa_bot.corpus import Limits, Source, read_source
from qa_bot.corpus.scan import KINDS
from qa_bot.export import read_receipt, verify_receipt

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["2021-06-16", "a1", "1e999", "-1", "\x00", "\ud800", "‮", "9" * 400])
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = ("question", "as_of", "since", "until", "publisher", "articles", "history", "k", "query")
PIECES = st.sampled_from(
    ["<", ">", "</p>", "<p>", "<script>", "&", "&#0;", "{", "}", "[", "]", '"', ":", ",", "---\n",
     "\n", "title: x", "date: 2021-02-30", "<?xml", "<rss>", "<item>", "<!DOCTYPE", "<![CDATA[",
     "%PDF-1.4", "stream", "endobj", "\\u0000", "\\ud800", "\r", "\t", "\x00", "\xff", "é", "漢",
     "\u202e"]
)  # fmt: skip


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(PIECES | st.text(max_size=30), max_size=40).map("".join),
    st.sampled_from(sorted(set(KINDS) - {".pdf"})),
)
def test_no_pieces_of_a_format_break_its_reader(tmp_path, text, suffix):
    path = tmp_path / f"file{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    for item in read_source(Source(path, "file", KINDS[suffix]), Limits()):
        assert str(item)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(JSON)
def test_no_json_breaks_the_reader_of_receipts_or_passes_for_one(tmp_path, value):
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    try:
        receipt = read_receipt(path)
    except ValueError as exc:
        assert "is not a receipt" in str(exc)
        return
    try:
        found = verify_receipt(receipt, lambda _: None, lambda *_: None)
    except ValueError:
        return
    assert not all(one.verified for one in found)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    index = tmp_path_factory.mktemp("fuzz") / "index"
    plain = {"embedder": "hashing-64", "reader": "none"}
    QABot.build(index=index, settings=Settings(**plain)).close()
    with serving(index, **plain) as one:
        yield one


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["/api/ask", "/api/search", "/v1/chat/completions", "/feedback", "/export"]),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5) | JSON,
)
def test_no_body_gets_a_server_error(address, path, body):
    reply = httpx.post(f"{address}{path}", content=json.dumps(body), timeout=60,
                       headers={"content-type": "application/json"})  # fmt: skip
    assert reply.status_code < 500 and "Traceback" not in reply.text


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["/api/ask", "/v1/chat/completions", "/mcp/", "/export"]),
    st.binary(max_size=200),
)
def test_no_bytes_get_a_server_error(address, path, data):
    reply = httpx.post(f"{address}{path}", content=data, timeout=60)
    assert reply.status_code < 500 and "Traceback" not in reply.text
