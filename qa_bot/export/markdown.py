"""Answers as plain text or Markdown, with citations as footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa_bot.export.labels import (
    beyond_short,
    closest_line,
    event_leads,
    remarks,
    source_line,
)
from qa_bot.export.protocols import AnswerLike, CitationLike, SentenceLike

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&@]|:(?=//)|(?<=\bwww)\.)")
_LIST_OR_RULE = re.compile(r"^(\s*)(\d+)([.)])|^(\s*)([-=])", re.MULTILINE)


def text_with_footnotes(answer: AnswerLike) -> str:
    """Return the answer's text with its markers, then a line for each citation."""
    notes = [f"[{c.number}] {source_line(c)}: “{one_line(c.quote)}”" for c in answer.citations]
    if answer.refusal and answer.refusal.closest:
        notes = [closest_line(answer.refusal, answer.refusal.closest)]
    return "\n".join([answer.text, *([""] if notes else []), *notes])


def to_markdown(answers: Sequence[AnswerLike]) -> str:
    """Return the answers as Markdown that shows all their words as text."""
    return "\n".join(_section(number, answer) for number, answer in enumerate(answers, start=1))


def plain(text: str) -> str:
    r"""Return text in one line that Markdown shows as it is.

    >>> print(plain("![x](http://evil) <b>"))
    \!\[x\]\(http\://evil\) \<b\>
    """
    escaped = _SPECIAL.sub(r"\\\1", one_line(text))
    return _LIST_OR_RULE.sub(
        lambda m: f"{m[1]}{m[2]}\\{m[3]}" if m[2] else f"{m[4]}\\{m[5]}", escaped
    )


def one_line(text: str) -> str:
    """Return the text with runs of white space as single spaces."""
    return " ".join(text.split())


def _section(number: int, answer: AnswerLike) -> str:
    return "\n".join([f"## {plain(answer.question)}", "", *_body(number, answer), ""])


def _body(number: int, answer: AnswerLike) -> Iterator[str]:
    """Yield the lines under the question: short answer or refusal, sentences, footnotes."""
    if answer.short and not answer.refusal:
        yield from (f"**{plain(answer.short)}**", "")
    if answer.refusal:
        yield from (plain(answer.refusal.message), "")
        if answer.refusal.closest:
            yield from (plain(closest_line(answer.refusal, answer.refusal.closest)), "")
    if answer.timeline:
        events = zip(answer.sentences, event_leads(answer), strict=True)
        yield from (*(f"- {_sentence(number, one, lead)}" for one, lead in events), "")
    elif sentences := [_sentence(number, one, one.lead) for one in beyond_short(answer)]:
        yield from (" ".join(sentences), "")
    yield from (_footnote(number, citation) for citation in answer.citations)


def _sentence(number: int, sentence: SentenceLike, lead: str | None) -> str:
    text = f"{lead}: {sentence.text}" if lead else sentence.text
    markers = "".join(f"[^{number}-{cited}]" for cited in sentence.citations)
    doubt = "" if sentence.supported else " *(nothing in the articles supports this)*"
    return f"{plain(text)}{markers}{doubt}"


def _footnote(number: int, citation: CitationLike) -> str:
    place = f"characters {citation.start}–{citation.end} of {plain(citation.article_id)}"
    source = f"{plain(source_line(citation))}, {place}: “{plain(citation.quote)}”"
    notes = "".join(f" {plain(remark)}." for remark in remarks(citation))
    return f"[^{number}-{citation.number}]: {source}{notes}"
