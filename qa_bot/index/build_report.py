"""What a build read, changed and skipped."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from qa_bot.corpus import Problem


@dataclass(slots=True)
class BuildReport:
    """The outcome of a build: article ids, files, problems, and the last generation.

    A file is unchanged since it was read without a problem, or it is read, or it is skipped: no
    article in it can be read.
    """

    n_files: int = 0
    n_unchanged_files: int = 0
    read_files: set[Path] = field(default_factory=set)
    put: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: tuple[Path, ...] = ()
    n_articles: int = 0
    n_passages: int = 0
    generation: int = 0

    @property
    def n_skipped(self) -> int:
        """Return the number of files, lines and entries that could not be read."""
        return sum(problem.skipped for problem in self.problems)

    @property
    def n_skipped_files(self) -> int:
        """Return the number of files in which no article could be read."""
        return self.n_files - len(self.read_files) - self.n_unchanged_files

    @property
    def n_skipped_parts(self) -> int:
        """Return the number of lines and entries that were skipped in the files that were read."""
        return sum(one.skipped and one.path in self.read_files for one in self.problems)
