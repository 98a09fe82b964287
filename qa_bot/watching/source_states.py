"""What became of each source, in a file of the index folder that the service shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from qa_bot.fetching import display_address, is_address
from qa_bot.index import WATCHED_NAME, write_durably

LONGEST_PAUSE = timedelta(days=1)
_MOST_DOUBLINGS = 10


class SourceState(BaseModel):
    """What became of a source when it was last read.

    Attributes:
        name: its address or folder.
        outlet: as the list of sources names it.
        read: when it was last tried.
        due: when it is read next.
        problem: why it could not be read, None if it could.
        failures: readings in a row that failed.
        changed: when something new or changed was last read from it.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    outlet: str | None = None
    read: AwareDatetime
    due: AwareDatetime
    problem: str | None = None
    failures: int = 0
    changed: AwareDatetime | None = None

    @property
    def shown(self) -> str:
        """Return the name as others may see it: no login, no query, no path of this machine."""
        return (
            display_address(self.name, query=False)
            if is_address(self.name)
            else (Path(self.name).name)
        )

    def with_possible_due(self, now: datetime, every: timedelta) -> SourceState:
        """Return the state, due now if no reading until now can have given it its time."""
        latest = now + max(every, LONGEST_PAUSE)
        return self if self.due <= latest else self.model_copy(update={"due": now})

    def after_reading(
        self, at: datetime, every: timedelta, *, changed: bool, problem: str | None
    ) -> SourceState:
        """Return the state after another reading; each failure in a row doubles the pause."""
        failures = self.failures + 1 if problem else 0
        doubled = every * 2 ** min(failures, _MOST_DOUBLINGS)
        pause = max(every, min(doubled, LONGEST_PAUSE))
        return self.model_copy(
            update={
                "read": at,
                "due": at + pause,
                "problem": problem,
                "failures": failures,
                "changed": at if changed else self.changed,
            }
        )


class _File(BaseModel):
    sources: list[SourceState] = []


class SourceStates:
    """The file; one program writes it, and others read it at any time."""

    def __init__(self, folder: Path) -> None:
        """Use the file of an index folder; it is written when a source was read."""
        self._path = folder / WATCHED_NAME

    def all(self) -> list[SourceState]:
        """Return the states; none if the file is missing or damaged: reading makes it anew."""
        try:
            return _File.model_validate_json(self._path.read_bytes()).sources
        except (OSError, ValidationError):
            return []

    def write(self, states: Mapping[str, SourceState]) -> None:
        """Replace the file."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        content = _File(sources=list(states.values())).model_dump_json(indent=1)
        write_durably(self._path, content.encode())
