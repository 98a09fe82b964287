"""The sessions of browsers: each has the shared index and the articles that it added.

The articles of a session are in a private temporary folder that is deleted with the session.
"""

from __future__ import annotations

import logging
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from starlette.responses import Response

from qa_bot.bot import QABot
from qa_bot.corpus import KINDS, Limits, Problem, Source, read_source, scan
from qa_bot.datatypes import Article
from qa_bot.errors import QABotError
from qa_bot.fetching import FetchOptions, Visits, collect, is_address

COOKIE = "qb_session"
_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_MOST_SESSIONS, _IDLE_S = 100, 6 * 3600
_LONGEST_NAME = 100
_MOST_REMARKS = 20

log = logging.getLogger(__name__)


class UploadError(QABotError):
    """An uploaded file or an address was refused."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The articles of an uploaded file or an address, and remarks on what was not read."""

    articles: tuple[Article, ...]
    remarks: tuple[str, ...]


@dataclass(slots=True)
class _Session:
    bot: QABot
    folder: Path
    used: float
    ids: set[str] = field(default_factory=set)
    n_files: int = 0


class Sessions:
    """The bots of all browsers that added articles; other browsers ask the shared bot."""

    def __init__(self, shared: QABot, fetch: FetchOptions = FetchOptions()) -> None:  # noqa: B008
        """Keep the articles of sessions in a private folder of this process.

        Args:
            shared: the bot whose index all sessions search.
            fetch: how to read the addresses that are added.
        """
        self.shared = shared
        self._fetch = fetch
        self._visits = Visits()
        self._root = Path(tempfile.mkdtemp(prefix="qa-bot-sessions-"))  # 0700
        self._sessions: dict[str, _Session] = {}
        self._lock = threading.Lock()
        self._reading = threading.Lock()  # one file is read and embedded at a time

    @staticmethod
    def new_id() -> str:
        """Return an id that cannot be guessed."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def id_of(cookies: Mapping[str, str]) -> str | None:
        """Return the session's id, or None if there is none of the right form."""
        given = cookies.get(COOKIE, "")
        return given if _ID.fullmatch(given) else None

    def bot(self, session_id: str | None) -> QABot:
        """Return the bot of a session."""
        with self._lock:
            session = self._sessions.get(session_id or "")
            if session:
                session.used = time.monotonic()
            return session.bot if session else self.shared

    def own_ids(self, session_id: str | None) -> frozenset[str]:
        """Return the ids of the articles that a session may remove."""
        if self.shared.settings.uploads == "shared":
            return frozenset(a for a in self.shared.passage_counts() if a.startswith("uploaded/"))
        with self._lock:
            session = self._sessions.get(session_id or "")
            return frozenset(session.ids) if session else frozenset()

    def check_name(self, name: str) -> str:
        """Return the name of an uploaded file, without any folder.

        Raises:
            UploadError: uploads are off, or the kind of file is not read.
        """
        if self.shared.settings.uploads == "off":
            raise UploadError("This page takes no files.")
        plain = PurePath("".join(c for c in name if c.isprintable()).replace("\\", "/")).name
        suffix = PurePath(plain).suffix.lower()
        if suffix not in KINDS:
            kinds = " ".join(KINDS)
            raise UploadError(f"“{plain[:60]}” is not a kind of file that is read: {kinds}")
        return f"{PurePath(plain).stem[:_LONGEST_NAME]}{suffix}"

    def add(self, session_id: str, name: str, content: Path) -> Upload:
        """Read an uploaded file, and add its articles to the session's index.

        Args:
            session_id: the session of the browser that sent the file.
            name: the file's name, checked by ``check_name``.
            content: the path of the bytes.

        Raises:
            UploadError: the file holds no article, or the session has too many files already.
        """
        stem, suffix = PurePath(name).stem, PurePath(name).suffix
        source = Source(content, stem, KINDS[suffix])
        with self._reading:
            session = self._open(session_id)
            return self._put(session, name, _read([source], name, self._limits))

    def add_address(self, session_id: str, address: str) -> Upload:
        """Read a web page, a feed or a sitemap, and add its articles to the session's index.

        Args:
            session_id: the session of the browser that sent the address.
            address: as it was typed; ``https://`` may be missing.

        Raises:
            UploadError: it cannot be read or holds no article, or the session has too many already.
        """
        address = address.strip()
        address = address if is_address(address) else f"https://{address}"
        with tempfile.TemporaryDirectory(dir=self._root) as folder:
            found = collect([address], Path(folder), self._fetch, self._visits)
            with self._reading:
                session = self._open(session_id)
                read = _read(scan([Path(folder)]).sources, None, self._limits)
                problems = (*found.problems, *read.remarks)
                upload = Upload(read.articles, problems[:_MOST_REMARKS])
                return self._put(session, address, upload)

    @property
    def _limits(self) -> Limits:
        return Limits(file_bytes=round(self.shared.settings.max_file_mb * 1e6))

    def _put(self, session: _Session | None, name: str, upload: Upload) -> Upload:
        """Add what was read to the index of a session, or to the shared one; return it."""
        if not upload.articles:
            reason = " ".join(upload.remarks) or "it holds no article"
            raise UploadError(f"“{name}” was not added: {reason}")
        (session.bot if session else self.shared).add(upload.articles)
        if session:
            session.n_files += 1
            session.ids |= {article.id for article in upload.articles}
        return upload

    def remove(self, session_id: str | None, article_id: str) -> bool:
        """Remove an article of the session; return False for other articles."""
        if article_id not in self.own_ids(session_id):
            return False
        with self._reading:
            removed = bool(self.bot(session_id).remove([article_id]))
        with self._lock:
            session = self._sessions.get(session_id or "")
            if session:
                session.ids.discard(article_id)
        return removed

    def close(self) -> None:
        """Close all sessions and delete their files."""
        with self._lock:
            for session in self._sessions.values():
                session.bot.close()
            self._sessions.clear()
        shutil.rmtree(self._root, ignore_errors=True)

    def _open(self, session_id: str) -> _Session | None:
        """Return the session, new if need be; None where uploads go to the shared index.

        Raises:
            UploadError: the session has as many files as it may.
        """
        session = self._session(session_id)
        most = self.shared.settings.upload_files
        if session and session.n_files >= most:
            raise UploadError(f"There are {most} files already; remove some, then add more.")
        return session

    def _session(self, session_id: str) -> _Session | None:
        if self.shared.settings.uploads == "shared":
            return None
        with self._lock:
            self._forget_idle()
            session = self._sessions.get(session_id)
            if session is None:
                folder = Path(tempfile.mkdtemp(dir=self._root))
                bot = self.shared.overlay(folder / "index")
                session = self._sessions[session_id] = _Session(bot, folder, time.monotonic())
            session.used = time.monotonic()
            return session

    def _forget_idle(self) -> None:
        """Delete sessions unused for six hours, and the longest unused if there are too many."""
        by_use = sorted(self._sessions.items(), key=lambda item: item[1].used)
        for number, (session_id, session) in enumerate(by_use):
            idle = time.monotonic() - session.used > _IDLE_S
            if idle or len(by_use) - number >= _MOST_SESSIONS:
                del self._sessions[session_id]
                session.bot.close()
                shutil.rmtree(session.folder, ignore_errors=True)


def set_cookie(reply: Response, session_id: str) -> None:
    """Set the cookie with the id of a session; the browser keeps it until it is closed."""
    reply.set_cookie(COOKIE, session_id, httponly=True, samesite="strict", path="/")


def _read(sources: Iterable[Source], path: str | None, limits: Limits) -> Upload:
    """Read files; ``path`` is the path of their articles, by default the address of each."""
    articles: dict[str, Article] = {}
    remarks: list[str] = []
    for source in sources:
        for item in read_source(source, limits):
            if isinstance(item, Problem):
                line = f"line {item.line} " if item.line is not None else ""
                page = "" if path else f"{source.article_id} "
                remarks.append(f"{page}{line}{item.reason}")
            else:
                place = path or item.url
                article = replace(item, id=f"uploaded/{item.id}", path=place)
                articles[article.id] = article
    return Upload(tuple(articles.values()), tuple(remarks[:_MOST_REMARKS]))
