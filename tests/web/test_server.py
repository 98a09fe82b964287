"""The server as a client without a browser meets it: the guard, the panel, Gradio's endpoints."""

import httpx
import pytest

pytestmark = pytest.mark.slow


ARTICLE = "saltmere/2021-05-17-mayor-result"


def test_panel_marks_the_span(server):
    reply = httpx.get(
        f"{server}/panel", params={"id": ARTICLE, "cite": "190-200", "active": "190-200"}
    )
    assert reply.status_code == 200
    assert '<mark class="qb-active"' in reply.text


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"id": "nope"}, 404),
        ({}, 422),
        ({"id": ARTICLE, "cite": "x"}, 422),
        ({"id": ARTICLE, "cite": "5-99999999"}, 200),
        ({"id": "../../etc/passwd"}, 404),
    ],
)
def test_panel_refuses_what_is_not_there(server, params, status):
    assert httpx.get(f"{server}/panel", params=params).status_code == status


def test_changes_of_followed_answers_are_a_feed(server):
    reply = httpx.get(f"{server}/following.atom")
    assert reply.headers["content-type"].startswith("application/atom+xml")
    assert "<title>Followed questions</title>" in reply.text


def test_headers_keep_the_page_at_home(server):
    headers = httpx.get(server).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil"])
def test_foreign_host_is_refused(server, host):
    assert httpx.get(server, headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}],
)
def test_write_from_another_site_is_refused(server, headers):
    reply = httpx.post(f"{server}/gradio_api/queue/join", json={}, headers=headers)
    assert reply.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=https://evil.example/x",
        "/gradio_api/file=http%3A//evil.example",
        "/gradio_api/proxy=https://evil.example",
        "/gradio_api/deep_link",
        "/gradio_api/component_server",
        "/gradio_api/process_recording",
        "/monitoring/summary",
    ],
)
def test_unused_endpoints_are_closed(server, path):
    assert httpx.get(f"{server}{path}").status_code == 404
    assert httpx.post(f"{server}{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "..%2f..%2fetc/passwd", "%2fetc%2fpasswd", "store.sqlite3"]
)
def test_no_file_of_the_machine_is_served(server, path):
    assert httpx.get(f"{server}/gradio_api/file={path}").status_code in (403, 404)


def test_body_over_the_limit_is_refused(server):
    reply = httpx.post(f"{server}/gradio_api/queue/join", content=b"x" * 1_500_000)
    assert reply.status_code == 413

    def endless():
        for _ in range(40):
            yield b"x" * 100_000

    try:
        assert httpx.post(f"{server}/gradio_api/queue/join", content=endless()).status_code == 413
    except httpx.TransportError:
        pass  # closed while it was still sending: refused as well


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/gradio_api/queue/join", {"fn_index": -1, "data": [], "session_hash": "x"}),
        ("/gradio_api/queue/join", {"fn_index": 9999, "data": [], "session_hash": "x"}),
        ("/gradio_api/call/nope", {"data": []}),
        ("/gradio_api/run/nope", {"data": []}),
        ("/gradio_api/queue/join", {"data": "x" * 1000}),
    ],
)
def test_malformed_call_is_a_clear_4xx(server, path, body):
    reply = httpx.post(f"{server}{path}", json=body)
    assert 400 <= reply.status_code < 500
    assert "Traceback" not in reply.text
