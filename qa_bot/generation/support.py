"""Split a streamed reply into sentences, and check each against the passages of the prompt.

A sentence with passage keys is checked against those passages, one without against all of them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa_bot.datatypes import Article, Hit, Span
from qa_bot.generation.client import CUT_OFF
from qa_bot.generation.prompts import CANNOT_ANSWER
from qa_bot.grounding import SupportJudge, check_sentence
from qa_bot.text import split_sentences, words

_MARKER = re.compile(r"\s*[\[(]\s*((?:[a-z0-9]{1,8})(?:\s*[,;]\s*[a-z0-9]{1,8})*)\s*[\])]", re.I)
_QUOTED = re.compile(r"[\"“«„]([^\"“”«»„]+)[\"”»]")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
_AHEAD_CHARS = 20  # look-ahead: the start of the next sentence decides where this one ends
_LONGEST_CHARS = 1_000  # cut a sentence without an end here


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of the model with the result of the check.

    Attributes:
        text: without its markers.
        supported: whether a passage with one of its keys, or any if it has no keys, supports it.
        article, span: the words that support it best, or None.
        unresolved: markers that match no passage.
    """

    text: str
    supported: bool
    article: Article | None = None
    span: Span | None = None
    unresolved: tuple[str, ...] = ()


def stream_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of a streamed text, each as soon as the next one begins.

    A marker after the full stop belongs to the sentence before it. If the token limit cut off the
    last sentence, drop it.

    >>> list(stream_sentences(["It rained. [ab", "cd] The fer", "ry was late [efgh]."]))
    ['It rained. [abcd]', 'The ferry was late [efgh].']
    """
    text = ""
    for piece in pieces:
        text += piece
        *whole, text = _cut(text, ahead=_AHEAD_CHARS)
        yield from whole
    if text.endswith(CUT_OFF):
        text = "".join(f"{sentence} " for sentence in _cut(text)[:-1])
    yield from filter(None, (sentence.strip() for sentence in _cut(text)))


def support(
    raw: str, sources: Mapping[str, Hit], grounding: SupportJudge, threshold: float
) -> CheckedSentence | None:
    """Return a sentence with the words that support it, or None if it makes no statement.

    Args:
        raw: the sentence with its markers.
        sources: the passages of the prompt, by key.
        grounding: judges support.
        threshold: the least probability of support, 0..1.
    """
    keys = [key.lower() for m in _MARKER.finditer(raw) for key in re.split(r"\W+", m[1]) if key]
    known = [key for key in dict.fromkeys(keys) if key in sources]
    unresolved = tuple(f"[{key}]" for key in dict.fromkeys(keys) if key not in sources)
    text = " ".join(_MARKER.sub("", raw).split()).lstrip("*-•# ").strip()
    if not words(text) or declines(text):
        return None
    named = [sources[key] for key in known] if keys else list(sources.values())
    checked = check_sentence(grounding, text, named, tuple(sources.values()))
    found = checked.citation
    supported = (
        found is not None
        and checked.verdict.probability >= threshold
        and not checked.verdict.missing
        and any(_holds(text, hit.passage.text) for hit in named)
    )
    if not supported or found is None:
        return CheckedSentence(text, False, unresolved=unresolved)
    return CheckedSentence(text, True, found.article, Span(found.start, found.end), unresolved)


def declines(text: str) -> bool:
    """Return whether a sentence begins with the prompt's phrase for "no answer"."""
    return words(CANNOT_ANSWER) == words(text)[: len(words(CANNOT_ANSWER))]


def _cut(text: str, ahead: int = 0) -> list[str]:
    """Return the complete sentences at the start of a text, then the rest.

    A sentence is complete once ``ahead`` characters of the next one have arrived.
    """
    hidden = _MARKER.sub(lambda m: " " * len(m[0]), text)
    begins = [span.start for span in split_sentences(hidden)][1:]
    begins = [begin for begin in begins if len(text) - begin >= ahead]
    if not begins and len(text) > _LONGEST_CHARS:
        begins = [len(text)]
    edges = [0]
    for begin in begins:
        opened = text.rfind("[", edges[-1], begin)  # the marker may be incomplete
        if text[begin : begin + 1] == "[" or (opened >= 0 and "]" not in text[opened:begin]):
            break
        edges.append(begin)
    parts = [text[a:b].strip() for a, b in itertools.pairwise(edges)]
    return [*parts, text[edges[-1] :]]


def _holds(sentence: str, passage: str) -> bool:
    """Return whether the passage has every quotation and every URL of the sentence."""
    whole = words(passage)
    quoted = [words(m[1]) for m in _QUOTED.finditer(sentence)]
    addresses = _ADDRESS.findall(sentence)
    return all(_within(part, whole) for part in quoted) and all(a in passage for a in addresses)


def _within(part: list[str], whole: list[str]) -> bool:
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))
