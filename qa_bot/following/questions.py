"""The followed questions of an index: kept in a file, with the answers last given, and a log."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ValidationError

from qa_bot.answer import Answer
from qa_bot.errors import QABotError
from qa_bot.following.changes import Change, KeptAnswer, differs
from qa_bot.index import FOLLOWED_CHANGES_NAME, FOLLOWED_NAME, refuse_foreign, write_durably

MOST = 200  # questions
_SHOWN = 100  # changes in the feed

Ask = Callable[[str], Answer]


class FollowedError(QABotError):
    """The file of followed questions cannot be used."""


class Followed(BaseModel):
    """A question and the answer last reported."""

    question: str
    answer: KeptAnswer


class _File(BaseModel):
    followed: list[Followed] = []
    asked: str = ""  # the state of index and program when all were asked last


class FollowedQuestions:
    """The questions followed in one folder; several processes may use it."""

    def __init__(self, folder: Path) -> None:
        """Use the files of a folder; nothing is written before a question is followed."""
        self._path = folder / FOLLOWED_NAME
        self._log = folder / FOLLOWED_CHANGES_NAME

    def all(self) -> list[Followed]:
        """Return the questions in the order in which they were followed.

        Raises:
            FollowedError: their file is damaged.
        """
        return self._read().followed

    def _read(self) -> _File:
        refuse_foreign(self._path.parent)
        try:
            return _File.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return _File()
        except ValidationError as exc:
            raise FollowedError(
                f"{self._path} is damaged; nothing was changed. Mend it, or delete it and follow "
                "the questions anew."
            ) from exc

    def follow(self, question: str, ask: Ask) -> KeptAnswer:
        """Follow a question; return the answer that later ones are compared with.

        Raises:
            ValueError: it is followed already, or too many are.
        """
        answer = KeptAnswer.of(ask(question), _now())
        with self._changing(asked="") as followed:  # the index may have changed meanwhile
            if any(_same(one.question, question) for one in followed):
                raise ValueError(f"{question!r} is followed already")
            if len(followed) >= MOST:
                raise ValueError(f"{MOST} questions are followed; stop one of them first")
            followed.append(Followed(question=question, answer=answer))
        return answer

    def stop(self, question: str) -> bool:
        """Follow a question no longer; return whether it was followed."""
        if not self._path.exists():
            return False
        with self._changing() as followed:
            kept = [one for one in followed if not _same(one.question, question)]
            known = len(kept) < len(followed)
            followed[:] = kept
        return known

    def ask_again(self, ask: Callable[[str], Answer | None], state: str = "") -> list[Change]:
        """Ask every question again; return, log and keep the answers that say something else.

        A question that another program asked again meanwhile, or for which ``ask`` gives None, is
        left as it is. Nothing is asked if all were asked in this ``state`` of index and program.
        """
        if state and state == self._read().asked:
            return []
        asked = [(one, ask(one.question)) for one in self.all()]
        answers = {
            (one.question, one.answer): KeptAnswer.of(answer, _now())
            for one, answer in asked
            if answer
        }
        changes = []
        with self._changing(asked=state if all(answer for _, answer in asked) else "") as followed:
            for one in followed:
                after = answers.get((one.question, one.answer))
                if after is None or not differs(one.answer, after):
                    continue
                changes.append(Change(question=one.question, before=one.answer, after=after))
                one.answer = after
            # The log comes first: a change is reported twice rather than never.
            self._append(changes)
        return changes

    def changes(self) -> list[Change]:
        """Return the last changes, the newest first, without damaged lines of the log."""
        refuse_foreign(self._log.parent)
        try:
            lines = self._log.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        return list(_readable(lines[: -_SHOWN - 1 : -1]))

    def _append(self, changes: list[Change]) -> None:
        """Write changes to the log, on lines of their own also after one that was torn."""
        if changes:
            lines = "".join(f"{change.model_dump_json()}\n" for change in changes).encode()
            with self._log.open("ab+") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - 1))
                torn = size > 0 and file.read(1) != b"\n"
                file.write(b"\n" * torn + lines)
                file.flush()
                os.fsync(file.fileno())

    @contextmanager
    def _changing(self, asked: str | None = None) -> Iterator[list[Followed]]:
        """Hold the questions for changing; they are written if they were changed.

        ``asked`` replaces the state of the index when all were asked last, unless it is None.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self._path}.lock"):
            kept = self._read()
            before = kept.model_copy(deep=True)
            yield kept.followed
            kept.asked = kept.asked if asked is None else asked
            if kept != before:
                write_durably(self._path, kept.model_dump_json(indent=1).encode())


def _readable(lines: list[bytes]) -> Iterator[Change]:
    for line in lines:
        try:
            yield Change.model_validate_json(line)
        except ValidationError:
            continue


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
