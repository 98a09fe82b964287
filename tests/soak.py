"""Run the service under a mixed load for a while, and report the figures.

    python tests/soak.py [--minutes 30]

Four clients ask, two searching browsers come and go with articles of their own, and another
process puts articles into the shared index and takes them out again. At the end: requests, errors,
latency by kind, and the memory of the service in each tenth of the time. Exits with 1 if anything
failed, or if memory grew by more than a tenth from the second tenth on.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parent))

from web.serving import serving

from qa_bot import QABot

QUESTIONS = (
    "Who won the regatta?", "When will the bridge open?", "How many homes were flooded?",
    "What did the harbour master say about the storm?", "What is the capital of Mongolia?",
    "What happened in Saltmere in March?", "Who is the mayor?", "Why was the ferry late?",
)  # fmt: skip


class Load:
    """The requests of the clients, and their results."""

    def __init__(self, address: str, index: Path, folder: Path) -> None:
        self.address, self.index, self.folder = address, index, folder
        self.done = threading.Event()
        self.times: dict[str, list[float]] = defaultdict(list)
        self.outcomes: Counter[str] = Counter()
        self.failures: list[str] = []

    def say(self, kind: str, call) -> None:
        """Make a call, and record its time and its result."""
        began = time.monotonic()
        try:
            reply = call()
            code = getattr(reply, "status_code", 0) or getattr(reply, "returncode", 0)
        except httpx.HTTPError as exc:
            self.failures.append(f"{kind}: {exc!r}")
            return
        self.times[kind].append(time.monotonic() - began)
        self.outcomes[f"{kind} {code}"] += 1
        if code not in (0, 200, 204, 429):
            text = getattr(reply, "text", "") or getattr(reply, "stderr", "")
            self.failures.append(f"{kind}: {code} {text[:200]}")

    def ask(self, seed: int) -> None:
        """Ask and search, with filters and follow-ups."""
        chance = random.Random(seed)
        with httpx.Client(base_url=self.address, timeout=120) as client:
            while not self.done.is_set():
                body = {"question": chance.choice(QUESTIONS)}
                if chance.random() < 0.2:
                    body["as_of"] = "2031-06-01"
                if chance.random() < 0.2:
                    body["history"] = [{"question": QUESTIONS[0], "answer": "Saltmere."}]
                self.say("ask", lambda body=body: client.post("/api/ask", json=body))
                query = {"query": chance.choice(QUESTIONS), "k": 5}
                self.say("search", lambda query=query: client.post("/api/search", json=query))
                self.done.wait(chance.uniform(0.2, 1.5))

    def browse(self, seed: int) -> None:
        """Open the page, upload articles, list them, remove them, and leave."""
        chance, number = random.Random(seed), 0
        while not self.done.is_set():
            with httpx.Client(base_url=self.address, timeout=120) as client:
                self.say("page", lambda client=client: client.get("/"))
                for _ in range(3):
                    number += 1
                    name = f"own-{seed}-{number}.txt"
                    text = (
                        f"Own report {number}\n\nThe ship Own{number} came to port {number}. " * 20
                    )
                    self.say("upload", lambda c=client, n=name, t=text: c.post(
                        "/articles", params={"name": n}, content=t.encode()))  # fmt: skip
                self.say("list", lambda client=client: client.get("/articles"))
                self.say("unload", lambda c=client, n=name: c.delete(
                    "/articles", params={"id": f"uploaded/{n.removesuffix('.txt')}"}))  # fmt: skip
            self.done.wait(chance.uniform(1, 4))

    def write(self) -> None:
        """Add articles to the shared index from another process, and remove them."""
        number = 0
        command = [sys.executable, "-m", "qa_bot.cli"]
        while not self.done.is_set():
            number += 1
            path = self.folder / f"shared-{number % 5}.txt"
            path.write_text(f"Shared {number}\n\nThe ship Shared{number} came to port. " * 30)
            shared = ["--index", str(self.index)]
            if number % 3:
                do = [*command, "add", str(path), *shared]
            else:
                do = [*command, "remove", f"shared-{(number - 1) % 5}", *shared]
            self.say("writer", lambda do=do: subprocess.run(
                do, capture_output=True, text=True, check=False, env=os.environ))  # fmt: skip
            self.done.wait(8)


def memory_mb(address: str) -> float:
    """Return the resident memory of the service."""
    for line in httpx.get(f"{address}/metrics").text.splitlines():
        if line.startswith("process_resident_memory_bytes"):
            return float(line.split()[1]) / 1e6
    raise AssertionError("the service reports no memory")


def main() -> int:
    """Run the load and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        QABot.build(index=folder / "index").close()
        with serving(folder / "index") as address:
            load = Load(address, folder / "index", folder)
            clients = [threading.Thread(target=load.ask, args=(n,)) for n in range(4)]
            clients += [threading.Thread(target=load.browse, args=(n,)) for n in (10, 11)]
            clients.append(threading.Thread(target=load.write))
            for client in clients:
                client.start()
            memory: list[list[float]] = [[] for _ in range(10)]
            began = time.monotonic()
            while (passed := time.monotonic() - began) < minutes * 60:
                memory[int(10 * passed / (minutes * 60))].append(memory_mb(address))
                time.sleep(min(5, minutes))
            load.done.set()
            for client in clients:
                client.join()
    return report(load, [statistics.median(part) for part in memory if part])


def report(load: Load, memory: list[float]) -> int:
    """Print the figures; return the exit code."""
    for kind, times in sorted(load.times.items()):
        ordered = sorted(times)
        middle, high = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
        print(f"{kind:8} {len(ordered):6} requests, p50 {middle:6.2f} s, p95 {high:6.2f} s")
    print("outcomes:", dict(sorted(load.outcomes.items())))
    print("memory by tenths, MB:", [round(part) for part in memory])
    growth = memory[-1] / memory[min(1, len(memory) - 1)] - 1
    print(f"growth from the second tenth to the last: {growth:+.1%}")
    for failure in load.failures[:20]:
        print("FAILED", failure)
    print(f"{len(load.failures)} failures")
    return 1 if load.failures or growth > 0.1 else 0


if __name__ == "__main__":
    sys.exit(main())
