"""The real program, served in a process of its own."""

import subprocess
import sys
import time

import httpx
import pytest

from qa_bot import QABot


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The real program in a process of its own; yields its address."""
    index = tmp_path_factory.mktemp("server") / "index"
    QABot.build(index=index).close()
    command = [sys.executable, "-m", "qa_bot.cli", "chat", "--index", str(index), "--port", "0"]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    line = child.stderr.readline()
    assert "qa-bot is at http://127.0.0.1:" in line, line + child.stderr.read()
    address = line.split()[3]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.1)
    yield address
    child.terminate()
    assert child.wait(30) in (0, -15)
    with child.stderr as stderr:
        assert "Traceback" not in stderr.read()
