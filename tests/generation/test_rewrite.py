"""A language model completes a follow-up question."""

from __future__ import annotations

import pytest
from fakes import ScriptedGenerator

from qa_bot.datatypes import Turn
from qa_bot.errors import GeneratorError
from qa_bot.generation.rewrite import rewrite_question

MAYOR = Turn("Who was elected mayor of Saltmere?", "Marta Wołczyk.")


def test_completion_in_words_of_the_conversation_is_used():
    generator = ScriptedGenerator(["When was Marta Wołczyk ", "sworn in?\nExtra"])
    rewritten = rewrite_question("When was she sworn in?", [MAYOR], generator)
    assert rewritten == "When was Marta Wołczyk sworn in?"


@pytest.mark.parametrize(
    "reply",
    [
        ["When was Boris Johnson sworn in?"],  # a name that the conversation does not mention
        ["She was sworn in on Monday."],
        ["When was she sworn in?"],  # still needs context
        ["Who?"],
        [],
        [GeneratorError(500)],
    ],
)
def test_any_other_reply_is_rejected(reply):
    assert rewrite_question("When was she sworn in?", [MAYOR], ScriptedGenerator(reply)) is None
