"""The real program in a process of its own."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx


@contextmanager
def serving(index, *arguments, **settings):
    """Run the real program over an index; give its address."""
    command = [sys.executable, "-m", "qa_bot.cli", "chat", "--index", str(index), "--port", "0"]
    command += arguments
    settings = {"logs": "off"} | settings
    given = {f"QA_BOT_{name.upper()}": str(value) for name, value in settings.items()}
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | given)
    line = child.stderr.readline()
    if "qa-bot is at http://" not in line:
        child.kill()
        raise AssertionError(line + child.stderr.read())
    address = line.split()[3].replace("0.0.0.0", "127.0.0.1")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/readyz").status_code != 503:  # 401 with a password
                break
            time.sleep(0.1)
        except httpx.TransportError:
            time.sleep(0.1)
    try:
        yield address
    finally:
        child.terminate()
        code = child.wait(30)
        with child.stderr as stderr:
            said = stderr.read()
    assert code in (0, -15) and "Traceback" not in said
