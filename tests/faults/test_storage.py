"""The disk full, read-only or failing; many writers; hostile folders; clocks that jump."""

import os
import pickle
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from making import TESTS, make_article

from qa_bot import Settings
from qa_bot.errors import IndexMismatchError, IndexStoreError
from qa_bot.index.passage_index import PassageIndex
from qa_bot.index.store import Manifest
from qa_bot.models.embedder import HashingEmbedder

EMBEDDER = HashingEmbedder(64)
SETTINGS = Settings(embedder="hashing-64", lock_wait_s=1)
WRITER = TESTS / "crash_writer.py"
IS_ROOT = hasattr(os, "getuid") and os.getuid() == 0
HAS_STRACE = bool(shutil.which("strace"))


def make(folder, n=6):
    index = PassageIndex.create(folder, EMBEDDER, SETTINGS)
    index.apply([make_article(f"a{i}", f"Ship {i} came to port {i}. " * 30) for i in range(n)])
    index.finish()
    index.close()


def held(folder):
    """The ids in an index, after seeing that vectors and words find all of them."""
    index = PassageIndex(folder, EMBEDDER, SETTINGS)
    with index.searching() as search:
        ids = {entry.id for entry in search.entries()}
        nearest = search.nearest(EMBEDDER.embed(["ship"])[0], 10_000)
        assert len(nearest) == search.manifest.n_passages
        assert {p.article.id for p in search.passages([s.key for s in nearest]).values()} == ids
    assert index._store.verify() == []
    index.close()
    return ids


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few hundred kilobytes."""
    if not IS_ROOT:
        pytest.skip("only root can mount a small file system")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = []

    def mount(kilobytes):
        if mounted:
            subprocess.run(["umount", place], check=True)
            mounted.clear()
        options = ["-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
        if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
            pytest.skip("this machine does not let a file system be mounted")
        mounted.append(place)
        return place

    yield mount
    if mounted:
        subprocess.run(["umount", place], check=True)


def test_a_full_disk_loses_nothing_and_is_said(small_disk, tmp_path):
    make(tmp_path / "base")
    before = held(tmp_path / "base")
    used = sum(path.stat().st_size for path in (tmp_path / "base").iterdir()) // 1024
    n_full = 0
    for extra in range(8, 900, 30):
        folder = small_disk(used + extra) / "index"
        shutil.copytree(tmp_path / "base", folder)
        index = PassageIndex(folder, EMBEDDER, SETTINGS)
        more = [make_article(f"m{n}", f"Ship {n} came late to port {n}. " * 60) for n in range(40)]
        try:
            index.apply(more)
            index.finish()
            committed = before | {article.id for article in more}
        except IndexStoreError as exc:
            n_full += 1
            assert "is safe" in str(exc) and "make room" in str(exc)
            committed = None
        index.close()
        # Reading takes no room; a commit that was begun is whole or not there.
        assert held(folder) in (
            [committed] if committed else [before, before | {a.id for a in more}]
        )
    print(f"full at {n_full} sizes")
    assert n_full > 5


@pytest.mark.slow
@pytest.mark.skipif(not HAS_STRACE, reason="strace is not installed")
@pytest.mark.parametrize(("call", "error"), [("fsync,fdatasync", "EIO"), ("pwrite64", "ENOSPC")])
def test_a_call_that_fails_is_no_commit_unless_it_is_said(tmp_path, call, error):
    base = tmp_path / "base"
    subprocess.run(
        [sys.executable, str(WRITER), str(base), "1", "2"], check=True, capture_output=True
    )
    n_failed = 0
    for point in range(1, 60):
        folder = tmp_path / "index"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, folder)
        child = subprocess.run(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-P", str(folder)]
            + [f"--trace-path={path}" for path in folder.iterdir()]
            + [f"--trace-path={folder}/store.sqlite3-journal"]
            + ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={point}"]
            + [sys.executable, str(WRITER), str(folder), "4", "1"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        there = held(folder)
        assert {"a1", "a2"} <= there
        assert "a4" in there or "put 4" not in child.stdout
        if "end" in child.stdout and child.returncode == 0:
            break
        n_failed += 1
        assert "IndexStoreError" in child.stderr or "IndexCorruptError" in child.stderr
    print(f"{error} at {n_failed} calls")
    assert n_failed > 1


@pytest.mark.slow
def test_killed_again_and_again_while_it_recovers(tmp_path):
    folder, chance = tmp_path / "index", random.Random(5)
    there = set()
    for round_ in range(6):
        first = str(round_ * 1000 + 1)
        child = subprocess.Popen(
            [sys.executable, str(WRITER), str(folder), first, "1000"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        for _ in range(8):
            line = child.stdout.readline().split()
            if line[:1] in (["put"], ["removed"]):
                (there.add if line[0] == "put" else there.discard)(f"a{line[1]}")
        child.kill()
        rest = child.communicate()[0].split("\n")[:-1]
        for line in (text.split() for text in rest if " " in text):
            (there.add if line[0] == "put" else there.discard)(f"a{line[1]}")
        for _ in range(3):  # those who come to recover are killed as well
            child = subprocess.Popen(
                [sys.executable, str(WRITER), str(folder), first, "0"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                child.wait(chance.uniform(0.05, 0.6))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        found = held(folder)
        assert len(found ^ there) <= 1  # the last change alone may be either way
        there = found


@pytest.mark.slow
def test_eight_writing_processes_mix_and_lose_nothing(tmp_path):
    folder = tmp_path / "index"
    make(folder, 1)
    given = os.environ | {"QA_BOT_LOCK_WAIT_S": "120"}
    children = [
        subprocess.Popen(
            [sys.executable, str(WRITER), str(folder), str(1000 * n + 1), "10"],
            stdout=subprocess.PIPE, text=True, env=given,
        )
        for n in range(1, 9)
    ]  # fmt: skip
    expected = {"a0"}
    for child in children:
        for line in (text.split() for text in child.communicate()[0].splitlines()):
            if line[0] in ("put", "removed"):
                (expected.add if line[0] == "put" else expected.discard)(f"a{line[1]}")
        assert child.returncode == 0
    assert held(folder) == expected and len(expected) > 50


def test_a_read_only_folder_is_read_and_refuses_changes(tmp_path):
    if IS_ROOT:
        made = subprocess.run(
            ["unshare", "-m", "true"], capture_output=True, check=False
        ).returncode == 0  # fmt: skip
        if not made:
            pytest.skip("root writes everywhere, and this machine makes no mounts")
    folder = tmp_path / "index"
    make(folder)
    code = (
        "import sys; sys.path[:0] = sys.argv[2:]; import test_storage as t; "
        "from pathlib import Path; f = Path(sys.argv[1]); assert len(t.held(f)) == 6; "
        "i = t.PassageIndex(f, t.EMBEDDER, t.SETTINGS); i.apply([t.make_article('x')])"
    )
    command = [
        sys.executable,
        "-c",
        code,
        str(folder),
        str(WRITER.parent),
        str(Path(__file__).parent),
    ]
    if IS_ROOT:
        bind = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        command = ["unshare", "-m", "sh", "-c", bind, str(folder), *command]
    else:
        folder.chmod(0o500)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    folder.chmod(0o700)
    assert "IndexStoreError" in done.stderr and "AssertionError" not in done.stderr
    assert "is safe" in done.stderr and "give permission" in done.stderr
    assert len(held(folder)) == 6


class Canary:
    """Something that writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (Path(self.path),)


@pytest.mark.parametrize("name", ["store.sqlite3", "store.seal", "vectors.faiss", "starters.json"])
def test_a_hostile_folder_runs_nothing(tmp_path, name):
    folder, canary = tmp_path / "index", tmp_path / "canary"
    make(folder)
    (folder / name).write_bytes(pickle.dumps(Canary(str(canary))))
    try:
        ids = held(folder)
    except IndexStoreError:
        ids = None
    assert not canary.exists()
    assert ids is None or len(ids) == 6


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        (-1, "format version 1, not 2. Build a new one with: qa-bot build ARTICLES --index "),
        (1, "format version 3, not 2. Open it with a newer qa-bot: pip install --upgrade qa-bot"),
    ],
)
def test_an_index_of_another_version_is_refused_with_what_to_do(tmp_path, change, remedy):
    folder = tmp_path / "index"
    manifest = Manifest("x", EMBEDDER.name, EMBEDDER.fingerprint, 64, 200, 1)
    other = {"format_version": manifest.format_version + change}
    from dataclasses import replace

    from qa_bot.index.store import create_store

    with pytest.raises(IndexMismatchError, match=remedy):
        create_store(folder, replace(manifest, **other), "", 1)
        PassageIndex(folder, EMBEDDER, SETTINGS)


def test_the_clock_decides_nothing(tmp_path, monkeypatch):
    folder = tmp_path / "index"
    index = PassageIndex.create(folder, EMBEDDER, SETTINGS)
    for number, seconds in enumerate((2e9, 1e9, 3e9)):
        monkeypatch.setattr("time.time", lambda seconds=seconds: seconds)
        index.apply([make_article("a", f"Text number {number}.")])
        index.finish()
        for path in folder.iterdir():
            os.utime(path, (seconds, seconds))
    index.close()
    index = PassageIndex(folder, EMBEDDER, SETTINGS)
    with index.searching() as search:
        assert next(search.articles()).text == "Text number 2."
        assert search.manifest.generation == 3
    index.close()


@pytest.mark.slow
def test_out_of_memory_leaves_the_index_as_it_was(tmp_path):
    folder, articles = tmp_path / "index", tmp_path / "articles"
    make(folder)
    articles.mkdir()
    (articles / "big.txt").write_text("The ship came in. " * 1_000_000)
    code = (
        "import resource, sys; from qa_bot.cli import main; import qa_bot.bot, faiss; "
        "now = int(open('/proc/self/statm').read().split()[0]) * 4096; "
        "resource.setrlimit(resource.RLIMIT_AS, (now + 60_000_000,) * 2); sys.exit(main())"
    )
    command = [sys.executable, "-c", code, "add", str(articles), "--index", str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False,
        env=os.environ | {"QA_BOT_EMBEDDER": "hashing-64", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode != 0
    assert held(folder) == {f"a{n}" for n in range(6)}
