"""A model's words as they come → sentences that the passages support, each with its exact words.

Each sentence is checked against the passages whose keys it names; one that names none, against all
of them. It knows nothing of how the model is called or of what is shown.
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
_AHEAD_CHARS = 20  # where a sentence ends can depend on how the next one begins
_LONGEST_CHARS = 1_000  # a sentence without an end is cut off here


@dataclass(frozen=True, slots=True)
class Written:
    """One sentence of a model, and what the passages say of it.

    Attributes:
        text: without its markers.
        supported: whether a passage that it names, or any where it names none, supports it.
        article, span: the words that support it best; None where nothing does.
        unresolved: markers that name no passage.
    """

    text: str
    supported: bool
    article: Article | None = None
    span: Span | None = None
    unresolved: tuple[str, ...] = ()


def written_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of a text that comes in pieces, each as soon as the next one begins.

    A marker after the full stop belongs to the sentence before it. A last sentence that was cut off
    is left out.

    >>> list(written_sentences(["It rained. [ab", "cd] The fer", "ry was late [efgh]."]))
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
) -> Written | None:
    """Return a sentence with what supports it; None where it says nothing.

    Args:
        raw: the sentence with its markers.
        sources: the passages that the model was shown, by key.
        grounding: the check.
        threshold: the probability of support, 0..1, that is needed.
    """
    keys = [key.lower() for m in _MARKER.finditer(raw) for key in re.split(r"\W+", m[1]) if key]
    known = [key for key in dict.fromkeys(keys) if key in sources]
    unresolved = tuple(f"[{key}]" for key in dict.fromkeys(keys) if key not in sources)
    text = " ".join(_MARKER.sub("", raw).split()).lstrip("*-•# ").strip()
    if not words(text) or declines(text):
        return None
    named = [sources[key] for key in known] if keys else list(sources.values())
    checked = check_sentence(grounding, text, named)
    found = checked.citation
    supported = (
        found is not None
        and checked.verdict.probability >= threshold
        and not checked.verdict.missing
        and any(_holds(text, hit.passage.text) for hit in named)
    )
    if not supported or found is None:
        return Written(text, False, unresolved=unresolved)
    return Written(text, True, found.article, Span(found.start, found.end), unresolved)


def declines(text: str) -> bool:
    """Return whether a sentence is the phrase for "the articles do not say"."""
    return words(CANNOT_ANSWER) == words(text)[: len(words(CANNOT_ANSWER))]


def _cut(text: str, ahead: int = 0) -> list[str]:
    """Return the whole sentences at the beginning of a text, then what may still go on.

    A sentence is whole once so many characters of the next one are there.
    """
    hidden = _MARKER.sub(lambda m: " " * len(m[0]), text)
    begins = [span.start for span in split_sentences(hidden)][1:]
    begins = [begin for begin in begins if len(text) - begin >= ahead]
    if not begins and len(text) > _LONGEST_CHARS:
        begins = [len(text)]
    edges = [0]
    for begin in begins:
        opened = text.rfind("[", edges[-1], begin)  # a marker that is still coming
        if text[begin : begin + 1] == "[" or (opened >= 0 and "]" not in text[opened:begin]):
            break
        edges.append(begin)
    parts = [text[a:b].strip() for a, b in itertools.pairwise(edges)]
    return [*parts, text[edges[-1] :]]


def _holds(sentence: str, passage: str) -> bool:
    """Return whether all that the sentence quotes, and every address in it, is in the passage."""
    said = words(passage)
    quoted = [words(m[1]) for m in _QUOTED.finditer(sentence)]
    addresses = _ADDRESS.findall(sentence)
    return all(_within(part, said) for part in quoted) and all(a in passage for a in addresses)


def _within(part: list[str], whole: list[str]) -> bool:
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))
