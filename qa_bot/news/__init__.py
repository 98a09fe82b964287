"""Rules of news text: datelines, headers, speakers, notices, copies and injected instructions.

The package works on the text of an article: it has no knowledge of files, questions or an index.
"""

from __future__ import annotations

from qa_bot.news.boilerplate import find_boilerplate, front_matter, repeats
from qa_bot.news.dateline import (
    PUBLISHED,
    Dateline,
    after_dateline,
    agency,
    find_dateline,
    find_published,
)
from qa_bot.news.duplicates import is_copy, kept_runs, originality, runs
from qa_bot.news.former import is_former
from qa_bot.news.gaps import is_questioned, leaves_open
from qa_bot.news.injection import CHAT_MARK, instructed_words, is_instruction
from qa_bot.news.notices import corrections_in, find_notices, says_wrongly, withdrawn_in
from qa_bot.news.passage_header import (
    SEPARATOR,
    exact_day,
    header_line,
    passage_header,
    publication_statement,
    with_header,
)
from qa_bot.news.person_names import find_mentions, is_mentioned, is_name
from qa_bot.news.role_words import is_role
from qa_bot.news.roles import Role, roles_of
from qa_bot.news.speakers import SAYING, is_attributed, speaker_of

__all__ = [
    "CHAT_MARK",
    "PUBLISHED",
    "SAYING",
    "SEPARATOR",
    "Dateline",
    "Role",
    "after_dateline",
    "agency",
    "corrections_in",
    "exact_day",
    "find_boilerplate",
    "find_dateline",
    "find_mentions",
    "find_notices",
    "find_published",
    "front_matter",
    "header_line",
    "instructed_words",
    "is_attributed",
    "is_copy",
    "is_former",
    "is_instruction",
    "is_mentioned",
    "is_name",
    "is_questioned",
    "is_role",
    "kept_runs",
    "leaves_open",
    "originality",
    "passage_header",
    "publication_statement",
    "repeats",
    "roles_of",
    "runs",
    "says_wrongly",
    "speaker_of",
    "with_header",
    "withdrawn_in",
]
