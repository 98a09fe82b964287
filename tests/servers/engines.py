"""Real servers for tests: PostgreSQL of the system, and the Milvus that a package carries.

python tests/servers/engines.py          start both, print their addresses, stop on Ctrl-C
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


def postgres_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest version; None if there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


def has_milvus() -> bool:
    """Return whether the package that carries a Milvus server is installed."""
    try:
        import milvus  # noqa: F401
    except ImportError:
        return False
    return True


def free_port() -> int:
    """Return a port of loopback that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Postgres:
    """A server of its own in a folder of its own, on loopback."""

    def __init__(self, folder: Path, programs: Path) -> None:
        """Make an empty cluster; it is not started yet."""
        self._programs, self._data, self._folder = programs, folder / "data", folder
        self.port = free_port()
        if os.getuid() == 0:  # PostgreSQL does not run as root
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-A", "trust", "-U", "qa", "--no-sync", "-E", "UTF8")

    @property
    def url(self) -> str:
        """Return its address, as the setting ``store`` takes it."""
        return f"postgresql+psycopg://qa@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._folder}"
        log = self._folder / "log"
        self._run("pg_ctl", "-o", options, "-w", "-l", str(log), "start")

    def stop(self, how: str = "fast") -> None:
        """Stop the server: fast, or at once like a crash (immediate)."""
        self._run("pg_ctl", "-m", how, "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._data), *arguments]
        if os.getuid() == 0:
            command = [
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                *command,
            ]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              cwd=self._folder, check=False)  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr[-500:]}")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL server."""
    programs = postgres_programs()
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="qa-bot-pg-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder), programs)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


@contextmanager
def milvus() -> Iterator[str]:
    """Run a Milvus server; give its address."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="qa-bot-milvus-", ignore_cleanup_errors=True) as folder:
        # It stops when its standard input ends, so that it does not outlive this process.
        code = (
            "import sys; from milvus import MilvusServer; s = MilvusServer(); "
            "s.set_base_dir(sys.argv[1]); s.listen_port = int(sys.argv[2]); s.start(); "
            "print('ready', flush=True); sys.stdin.read(); s.stop()"
        )
        child = subprocess.Popen(
            [sys.executable, "-c", code, folder, str(port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            assert child.stdout is not None and child.stdin is not None
            while "ready" not in (line := child.stdout.readline()):
                if not line:
                    raise RuntimeError("the Milvus server did not start")
            yield f"http://127.0.0.1:{port}"
        finally:
            child.stdin.close()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
            child.stdout.close()


def main() -> None:
    """Run both until interrupted."""
    with ExitStack() as stack:
        print("QA_BOT_STORE=" + stack.enter_context(postgres()).url)
        print(
            "QA_BOT_VECTORS=milvus QA_BOT_MILVUS_URI=" + stack.enter_context(milvus()), flush=True
        )
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
