"""A web server on this machine that plays outlets: pages, feeds, robots.txt, and misbehaviour."""

import gzip
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML = "text/html; charset=utf-8"


def article(title, text, canonical=""):
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f"<html><head><title>{title}</title>{link}</head><body><article><h1>{title}</h1>"
        f"<p>{text}</p></article></body></html>"
    ).encode()


class Outlet:
    """What the server gives: by path (status, headers, body), and a list of what was asked."""

    def __init__(self):
        self.pages, self.asked, self.posted = {}, [], []

    def give(self, path, body, kind=HTML, status=200, **headers):
        self.pages[path] = (status, {"content-type": kind, **headers}, body)

    def paths(self):
        return [path for path, _ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.outlet.asked.append(
            (self.path, {k.lower(): v for k, v in self.headers.items()})
        )
        if self.path == "/endless":
            return self.endless()
        if self.path == "/slow":
            time.sleep(10)
        if self.path in ("/drip", "/dripping-head"):
            return self.drip(self.path == "/drip")
        status, headers, body = self.server.outlet.pages.get(self.path, (404, {}, b"no"))
        if headers.get("etag") and headers["etag"] == self.headers.get("if-none-match"):
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        self.server.outlet.posted.append(self.rfile.read(length))
        if self.path == "/drip-hook":
            return self.drip(False)
        self.send_response(403 if self.path == "/refused" else 204)
        self.end_headers()

    def endless(self):
        self.send_response(200)
        self.send_header("content-type", HTML)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 100_000)
        except OSError:
            pass

    def drip(self, body):
        head = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"
        try:
            self.wfile.write(head + b"\r\n" * body)
            for number in range(100):
                self.wfile.write(b"x" if body else b"x-%d: 1\r\n" % number)
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass

    def log_message(self, *args):
        pass


@contextmanager
def playing():
    """Run the server; give its address and what it plays."""
    outlet = Outlet()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.outlet = outlet
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", outlet
    finally:
        server.shutdown()
        server.server_close()


def bomb(n_bytes):
    return gzip.compress(b"x" * n_bytes)
