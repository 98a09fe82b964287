"""Words, names, sentences, tokens, numbers and dates of a text.

This package depends on no other: it has no knowledge of news, questions or models.
"""

from __future__ import annotations

from qa_bot.text.calendar import (
    CALENDAR_NAMES,
    DAY,
    DAY_MONTH,
    FOREIGN_DAY,
    FULL,
    MONTH,
    MONTH_NAMES,
    MONTHS,
    WEEKDAYS,
    YEAR,
    Precision,
    foreign_day,
    full_date,
    make_day,
    month_and_day,
    parse_date,
    short_day,
    written_date,
    written_day,
    written_period,
)
from qa_bot.text.everyday import english_words
from qa_bot.text.idf import fts5_idf, idf
from qa_bot.text.names import (
    CONNECTORS,
    LOWER,
    LOWER_LETTERS,
    NAME,
    NAME_WORD,
    UPPER,
    UPPER_LETTERS,
)
from qa_bot.text.numbers import UNITS, numbers, quantities
from qa_bot.text.overlap import coverage, overlap_coefficient
from qa_bot.text.sentences import split_sentences
from qa_bot.text.tokens import count_tokens, first_tokens
from qa_bot.text.words import content_words, is_function_word, squeeze, stem, terms, words, xml_text

__all__ = [
    "CALENDAR_NAMES",
    "CONNECTORS",
    "DAY",
    "DAY_MONTH",
    "FOREIGN_DAY",
    "FULL",
    "LOWER",
    "LOWER_LETTERS",
    "MONTH",
    "MONTHS",
    "MONTH_NAMES",
    "NAME",
    "NAME_WORD",
    "UNITS",
    "UPPER",
    "UPPER_LETTERS",
    "WEEKDAYS",
    "YEAR",
    "Precision",
    "content_words",
    "count_tokens",
    "coverage",
    "english_words",
    "first_tokens",
    "foreign_day",
    "fts5_idf",
    "full_date",
    "idf",
    "is_function_word",
    "make_day",
    "month_and_day",
    "numbers",
    "overlap_coefficient",
    "parse_date",
    "quantities",
    "short_day",
    "split_sentences",
    "squeeze",
    "stem",
    "terms",
    "words",
    "written_date",
    "written_day",
    "written_period",
    "xml_text",
]
