"""What a folder looks like after each system call of a program: what a kill there would leave.

A program runs once under strace, in a copy of a folder. Its calls are then replayed, one by one,
on another copy. A kill keeps what was written, synced or not, so that each state between two
calls is one that a kill leaves.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "openat,lseek,write,pwrite64,ftruncate,unlink,unlinkat,rename,renameat,renameat2,link,linkat,"
    "mkdir,mkdirat,rmdir,sendfile,copy_file_range"
)
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (\d+)(<.*>)?$")
_UNFINISHED = re.compile(r"(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$")
_ARGUMENT = re.compile(r'(?:"[^"]*"|<[^>]*>|\[[^\]]*\]|[^,"<\[])+')
_TEXT = re.compile(r'["<]((?:\\x[0-9a-f]{2})*)[">]')


@dataclass
class Call:
    """One call of the program that succeeded."""

    process: str
    name: str
    arguments: list[str]
    result: int

    def text(self, place: int) -> bytes:
        """Return the string or the path of an argument."""
        found = _TEXT.search(self.arguments[place])
        return bytes.fromhex(found[1].replace("\\x", "")) if found else b""

    def path(self, place: int, folder: int | None = None) -> Path:
        """Return the path of an argument, from that of its folder's descriptor."""
        base = Path(os.fsdecode(self.text(folder))) if folder is not None else Path()
        return base / os.fsdecode(self.text(place))

    def number(self, place: int) -> int:
        return int(self.arguments[place])

    def descriptor(self, place: int) -> tuple[str, str]:
        return self.process, self.arguments[place].split("<")[0].strip()


@dataclass
class Replay:
    """Calls in one folder, replayed in another one."""

    live: Path
    copy: Path
    said: str = ""
    offsets: dict[tuple[str, str], int] = field(default_factory=dict)

    def apply(self, call: Call) -> bool:
        """Replay a call; return whether it changed a file or said something."""
        match call.name:
            case "openat":
                return self._open(call)
            case "lseek":
                self.offsets[call.descriptor(0)] = call.result
                return False
            case "write" if call.descriptor(0)[1] == "1":
                self.said += os.fsdecode(call.text(1))
                return True
            case "write" | "pwrite64":
                return self._write(call)
            case "sendfile" | "copy_file_range":
                return self._transfer(call)
            case _:
                return self._names(call)

    def _names(self, call: Call) -> bool:
        """Replay a call that makes, removes or renames a name, or cuts a file."""
        at = call.name.endswith(("at", "at2"))
        first = self._place(call.path(1, 0) if at else call.path(0))
        if first is None:
            return False
        match call.name:
            case "ftruncate":
                os.truncate(first, call.number(1))
            case "unlink":
                first.unlink()
            case "unlinkat":
                first.rmdir() if "REMOVEDIR" in call.arguments[2] else first.unlink()
            case "rmdir":
                first.rmdir()
            case "mkdir" | "mkdirat":
                first.mkdir()
            case _:
                second = self._place(call.path(3, 2) if at else call.path(1))
                assert second is not None
                if call.name.startswith("link"):
                    second.hardlink_to(first)
                else:
                    first.replace(second)
        return True

    def _place(self, path: Path) -> Path | None:
        return self.copy / path.relative_to(self.live) if path.is_relative_to(self.live) else None

    def _open(self, call: Call) -> bool:
        self.offsets[call.process, str(call.result)] = 0
        path, flags = self._place(call.path(1, 0)), call.arguments[2]
        if path is None or ("O_TRUNC" not in flags and ("O_CREAT" not in flags or path.exists())):
            return False
        path.write_bytes(b"")
        return True

    def _write(self, call: Call) -> bool:
        path = self._place(call.path(0))
        if path is None:
            return False
        data, descriptor = call.text(1)[: call.result], call.descriptor(0)
        if call.name == "write":
            offset = self.offsets.get(descriptor, 0)
            self.offsets[descriptor] = offset + len(data)
        else:
            offset = call.number(3)
        _put(path, data, offset)
        return True

    def _transfer(self, call: Call) -> bool:
        """Replay a copy from file to file; the source is not changed meanwhile."""
        places = (0, 1) if call.name == "sendfile" else (2, 0)
        path = self._place(call.path(places[0]))
        if path is None or not call.result:
            return False
        source, target = (call.descriptor(place) for place in reversed(places))
        start, end = self.offsets.get(source, 0), self.offsets.get(target, 0)
        origin = self._place(call.path(places[1])) or call.path(places[1])
        _put(path, origin.read_bytes()[start : start + call.result], end)
        self.offsets |= {source: start + call.result, target: end + call.result}
        return True


def _put(path: Path, data: bytes, offset: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def kill_points(
    base: Path, work: Path, command: Sequence[str | Path]
) -> Iterator[tuple[Path, str]]:
    """Yield copies of a folder as a kill at each point leaves them, and what was said by then.

    Args:
        base: the folder in which the program starts.
        work: an empty folder for copies.
        command: a Python program and its arguments; ``{}`` in them stands for the copy it runs in.
    """
    live, copy, state = work / "live", work / "copy", work / "state"
    for folder in (live, copy):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, folder)
    calls = list(_traced(work / "trace", [str(word).format(live) for word in command]))
    replay, changed = Replay(live, copy), True
    for call in [None, *calls]:
        changed = replay.apply(call) if call else True
        if changed:
            shutil.rmtree(state, ignore_errors=True)
            subprocess.run(["cp", "-a", copy, state], check=True)  # two names of a file stay so
            yield state, replay.said
    assert content(copy) == content(live), "the replay is not what the program did"


def content(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, by its path there."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _traced(log: Path, command: list[str]) -> Iterator[Call]:
    """Run a program under strace; yield its calls that succeeded, in their order."""
    options = ["-f", "-qq", "-xx", "-y", "-s", "16777216", "-e", f"trace={CALLS}"]
    subprocess.run(
        ["strace", *options, "-e", "signal=none", "-o", str(log), sys.executable, *command],
        check=True,
        capture_output=True,
    )
    begun: dict[str, str] = {}
    for line in log.read_text(encoding="ascii").splitlines():
        if unfinished := _UNFINISHED.match(line):
            begun[unfinished[1]] = unfinished[2]
            continue
        if resumed := _RESUMED.match(line):
            line = f"{resumed[1]} {begun.pop(resumed[1])}{resumed[2]}"
        if found := _LINE.match(line):
            yield Call(found[1], found[2], _ARGUMENT.findall(found[3]), int(found[4]))
