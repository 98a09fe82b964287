"""A generator that gives what it is told to: for unit tests, where no model is needed."""

from qa_bot.errors import GeneratorError


class ScriptedGenerator:
    """A queue of replies (each a list of pieces, an error to be raised) and the prompts seen."""

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
