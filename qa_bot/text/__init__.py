"""Words, sentences, tokens, numbers and calendar dates of a text.

It knows nothing of news, of questions or of models.
"""

from __future__ import annotations

from qa_bot.text.calendar import (
    DAY,
    DAY_MONTH,
    FULL,
    MONTH,
    MONTHS,
    WEEKDAYS,
    YEAR,
    full_date,
    make_day,
    month_and_day,
    parse_date,
    written_date,
    written_day,
)
from qa_bot.text.numbers import UNITS, numbers, quantities
from qa_bot.text.sentences import split_sentences
from qa_bot.text.tokens import count_tokens
from qa_bot.text.words import content_words, is_function_word, squeeze, stem, terms, words

__all__ = [
    "DAY",
    "DAY_MONTH",
    "FULL",
    "MONTH",
    "MONTHS",
    "UNITS",
    "WEEKDAYS",
    "YEAR",
    "content_words",
    "count_tokens",
    "full_date",
    "is_function_word",
    "make_day",
    "month_and_day",
    "numbers",
    "parse_date",
    "quantities",
    "split_sentences",
    "squeeze",
    "stem",
    "terms",
    "words",
    "written_date",
    "written_day",
]
