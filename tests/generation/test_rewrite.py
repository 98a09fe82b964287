"""A follow-up question completed by a language model."""

from __future__ import annotations

import pytest
from fakes import ScriptedGenerator

from qa_bot.datatypes import Turn
from qa_bot.errors import GeneratorError
from qa_bot.generation.rewrite import rewrite_question

MAYOR = Turn("Who was elected mayor of Saltmere?", "Marta Wołczyk.")


def test_model_writes_the_question_where_it_adds_nothing():
    generator = ScriptedGenerator(["When was Marta Wołczyk ", "sworn in?\nExtra"])
    rewritten = rewrite_question("When was she sworn in?", [MAYOR], generator)
    assert rewritten == "When was Marta Wołczyk sworn in?"


@pytest.mark.parametrize(
    "reply",
    [
        ["When was Boris Johnson sworn in?"],  # a name from nowhere
        ["She was sworn in on Monday."],
        ["When was she sworn in?"],  # leans still
        ["Who?"],
        [],
        [GeneratorError(500)],
    ],
)
def test_nothing_is_kept_where_the_model_writes_something_else(reply):
    assert rewrite_question("When was she sworn in?", [MAYOR], ScriptedGenerator(reply)) is None
