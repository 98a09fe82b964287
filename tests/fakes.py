"""Fakes with scripted replies, for unit tests: a language model, and a judge of support."""

from types import SimpleNamespace

import numpy as np

from qa_bot.errors import GeneratorError


class ScriptedGenerator:
    """A queue of replies, lists of pieces and errors to raise; ``seen`` records the prompts."""

    name = "scripted"

    def __init__(self, *replies):
        self.replies = list(replies)
        self.seen = []
        self.closed = 0

    def stream(self, messages):
        self.seen.append(list(messages))
        try:
            for piece in self.replies.pop(0):
                if isinstance(piece, GeneratorError):
                    raise piece
                yield piece
        finally:
            self.closed += 1


def scripted_judge(*relations):
    """Return a judge that finds these relations for any pair; ``read`` records the pairs."""
    read = []
    judge = SimpleNamespace(read=read)
    judge.relations = lambda pairs: (read.extend(pairs), np.array([relations]))[1]
    return judge
