"""The server answers while its application is being made, and stops with its error if it fails."""

import socket
import threading
import time
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from qa_bot.web.opening import Opening

BROWSER = {"accept": "text/html,*/*"}


class Served:
    """An Opening in a server of its own thread; ``go`` lets its application be made."""

    def __init__(self, failing=None):
        self.go, self.failing, self.log = threading.Event(), failing, []
        listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.opening = Opening(self.make, self.stop)
        self.server = uvicorn.Server(uvicorn.Config(self.opening, log_level="error"))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listening]})
        self.thread.start()

    def stop(self):
        self.server.should_exit = True

    def make(self):
        assert self.go.wait(30)
        if self.failing:
            raise self.failing

        async def life(_app):
            self.log.append("begun")
            yield
            self.log.append("ended")

        app = FastAPI(lifespan=asynccontextmanager(life))
        app.get("/{path:path}")(lambda path: {"path": path})
        return app

    def get(self, path, **headers):
        return httpx.get(f"{self.address}{path}", headers=headers, timeout=30)


@pytest.fixture
def served():
    one = Served()
    yield one
    one.go.set()
    one.stop()
    one.thread.join(30)
    assert not one.thread.is_alive()


def test_it_lives_at_once_and_is_not_ready(served):
    assert served.get("/healthz").json() == {"status": "ok"}
    early = served.get("/readyz")
    assert early.status_code == 503 and "loading" in early.json()["reason"]


def test_browser_gets_a_page_that_opens_by_itself(served):
    page = served.get("/", **BROWSER)
    assert page.status_code == 503 and page.headers["retry-after"] == "1"
    assert 'http-equiv="refresh"' in page.text and "<script" not in page.text
    served.go.set()
    while "refresh" in (page := served.get("/", **BROWSER)).text:
        time.sleep(0.05)
    assert page.json() == {"path": ""}


def test_other_requests_wait_for_the_application(served):
    replies = []
    asking = threading.Thread(target=lambda: replies.append(served.get("/api/ask")))
    asking.start()
    assert served.get("/healthz").status_code == 200
    time.sleep(0.2)
    assert not replies
    served.go.set()
    asking.join(30)
    assert replies[0].json() == {"path": "api/ask"}


def test_application_lives_until_the_server_stops(served):
    served.go.set()
    assert served.get("/x").status_code == 200
    assert served.log == ["begun"]
    served.stop()
    served.thread.join(30)
    assert served.log == ["begun", "ended"]


def test_server_stops_while_the_application_is_being_made(served):
    replies = []
    asking = threading.Thread(target=lambda: replies.append(served.get("/api/ask")))
    asking.start()
    assert served.get("/healthz").status_code == 200
    began = time.monotonic()
    served.opening.give_up()
    served.stop()
    asking.join(30)
    served.thread.join(30)
    assert not served.thread.is_alive() and time.monotonic() - began < 10
    assert replies[0].status_code == 503


def test_server_stops_with_the_error_of_the_making():
    one = Served(failing=ValueError("there is no index"))
    one.go.set()
    one.thread.join(30)
    assert not one.thread.is_alive()
    assert str(one.opening.error) == "there is no index"
