"""Call a language model, prompt it, and check every sentence that it writes."""

from __future__ import annotations

from qa_bot.generation.assembly import Origin, assemble
from qa_bot.generation.client import Generator, load_generator
from qa_bot.generation.prompts import template_version
from qa_bot.generation.reply import Reply
from qa_bot.generation.rewrite import rewrite_question
from qa_bot.generation.write import write_answer

__all__ = [
    "Generator",
    "Origin",
    "Reply",
    "assemble",
    "load_generator",
    "rewrite_question",
    "template_version",
    "write_answer",
]
