"""A sentence of an article → who says it, where the article puts it in somebody's mouth.

The speaker is the subject of a verb of saying, or who stands after "according to". "She said" is
who spoke before; a quotation that goes on belongs to whoever began it. A surname alone is given in
full where the article has the whole name.
"""

from __future__ import annotations

import re
from functools import lru_cache

from qa_bot.datatypes import Span
from qa_bot.text import split_sentences

SAYING = (
    "said|says|told|tells|added|adds|announced|stated|states|stressed|noted|notes|argued|argues|"
    "warned|warns|claimed|claims|insisted|insists|confirmed|confirms|denied|denies|explained|"
    "replied|promised|promises|admitted|admits|wrote|writes|tweeted|posted|suggested|suggests|"
    "acknowledged|recalled|pointed out|declared|commented|remarked|estimated|estimates|reckoned|"
    "reckons|complained|joked|conceded|observed|continued|concluded|emphasi[sz]ed|underlined|"
    "testified|alleged|alleges|accused|criticised|criticized|praised|vowed|pledged|urged|"
    "maintained|maintains|assured|opined|quipped|responded|answered|believes|thinks|thought|"
    "described|dismissed|rejected|ruled out|predicted|hinted|expressed|called|calls"
)
_UPPER = r"[A-ZÀ-ÝŁŚŻŠŽČĆĐ]"
_NAME_WORD = rf"{_UPPER}[\w’'.-]*"
_NAME = re.compile(
    rf"{_NAME_WORD}(?:\s+(?:(?:of|de|van|von|der|al|bin|la|the|and)\s+)?{_NAME_WORD})*"
)
_VERB = re.compile(
    rf"\b(?<!is )(?<!are )(?<!was )(?<!were )(?<!been )(?<!be )(?<!the )(?:{SAYING})\b(?! off\b)"
)
_HELPERS = re.compile(
    r"(?:\s*\b(?:has|have|had|did|does|do|would|could|also|later|then|not|never)\b)+$"
)
_PREPOSITION = re.compile(r"\s(?:on|in|at|after|before|during|outside|from|of|for)\s")
_OF_ANOTHER = re.compile(r"\b(?:of|to|with|near|against|about|knows|knew|by)\s+$")
_ACCORDING = re.compile(r"\b(?:according to|in the words of)\s+([^,.;:“”\"\n]{2,80})")
# These tell that somebody speaks only beside a quotation or "that".
_WEAK = re.compile(
    r"continued|recalled|observed|concluded|responded|dismissed|rejected|expressed|posted|calls?|"
    r"called|described|predicted|thought|thinks|praised|accused|criticised|criticized|urged|denied"
)
_QUOTED_OR_THAT = re.compile(r"[“”\"«»]|\bthat\b")
_BREAK = re.compile(r"[,;:—–()\[\]“”\"«»\n]")
_PRONOUN = re.compile(r"^(?:he|she|they|it)$", re.IGNORECASE)
_CALENDAR = frozenset(
    re.findall(
        r"\w+",
        "january february march april may june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday",
    )
)
# Not “Operation Dawn” was launched: what is quoted ends like a sentence, or does not end here.
_QUOTATION = re.compile(r"[“\"«](?:[^”\"»]*[.,!?…][”\"»]|[^”\"»]*$)")
_QUOTE = re.compile(r"[“”\"«»]")
_NOT_SPEAKERS = frozenset(
    re.findall(
        r"\w+",
        "which that this what there but and also as if when i we you some one who "
        "neither nobody everyone both his her its their is",
    )
)
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "its", "their", "one"})
_PEOPLE = frozenset(
    re.findall(
        r"\w+",
        "police officials authorities residents witnesses rescuers prosecutors organisers doctors "
        "experts analysts critics lawyers investigators relatives neighbours scientists ministers "
        "diplomats sources reports firefighters organizers neighbors officers engineers unions",
    )
)
_LONGEST_WORDS, _LONGEST_UNNAMED = 12, 5
_BACK = 4  # sentences looked back at


def speaker_of(text: str, sentence: Span) -> str | None:
    """Return who says a sentence of an article, or None where nobody is named as saying it.

    >>> text = "Agnes Lund led it. “The gate was shut,” Lund said. “It did its job.”"
    >>> [speaker_of(text, span) for span in split_sentences(text)]
    [None, 'Agnes Lund', 'Agnes Lund']
    """
    sentences = _sentences(text)
    at = next((i for i, s in enumerate(sentences) if s.end > sentence.start), None)
    return None if at is None else _speaker(text, sentences, at, sentence)


def is_attributed(sentence: str) -> bool:
    """Return whether a sentence tells itself that, and by whom, it is said."""
    return _named(sentence) is not None


@lru_cache(maxsize=64)
def _sentences(text: str) -> tuple[Span, ...]:
    return split_sentences(text)


def _speaker(
    text: str, sentences: tuple[Span, ...], at: int, sentence: Span, back: int = _BACK
) -> str | None:
    found = _named(text[sentence.start : sentence.end])
    if found is None and at and back and _goes_on(text, sentences, at):
        return _speaker(text, sentences, at - 1, sentences[at - 1], back - 1)
    if found and found.lower() in ("they", "it"):
        return None
    if found and _PRONOUN.match(found):
        return _subject_before(text, sentences, at, found.lower())
    return _in_full(text, found) if found else None


def _named(said: str) -> str | None:
    """Return the words that name the speaker within a sentence."""
    outside = _masked(said)
    if match := _ACCORDING.search(outside):
        return _head(match[1])
    for verb in _VERB.finditer(outside):
        if _WEAK.fullmatch(verb[0]) and not _QUOTED_OR_THAT.search(said):
            continue
        before = _clause_before(outside, verb.start())
        named = _head(before) if before else _head(_clause_after(outside, verb.end()))
        if named:
            return named
    return None


def _masked(said: str) -> str:
    """Return the sentence with what is quoted in it made blank: its verbs are not the report's."""
    pieces, quoted = [], False
    for part in re.split(r"([“”\"«»])", said):
        if part in ("“", "«", "”", "»", '"'):
            quoted = part in "“«" or (part == '"' and not quoted)
            pieces.append(part)
        else:
            pieces.append(" " * len(part) if quoted else part)
    return "".join(pieces)


def _clause_before(said: str, end: int) -> str:
    """Return the subject that stands before a verb, what an apposition adds left aside."""
    begin = max((m.end() for m in _BREAK.finditer(said, 0, end)), default=0)
    clause = _HELPERS.sub("", said[begin:end].strip())
    if clause or begin == 0 or said[begin - 1] != ",":
        return clause
    comma = said.rfind(",", 0, begin - 1)  # "Agnes Lund, who led it, said"; "Its chair, Lund, said"
    if comma < 0:
        return ""
    begins = max((m.end() for m in _BREAK.finditer(said, 0, comma)), default=0)
    subject, between = said[begins:comma].strip(), said[comma + 1 : begin - 1].strip()
    return subject if _names(subject) else between


def _clause_after(said: str, start: int) -> str:
    stop = _BREAK.search(said, start)
    clause = said[start : stop.start() if stop else len(said)]
    return re.split(r"\s(?:that|in|on|at|after|before|during|when|as|to)\s", f"{clause} ")[0].strip(
        " .!?"
    )


def _head(phrase: str) -> str | None:
    """Return the name in a phrase, else the phrase, where it can be somebody who speaks."""
    said = phrase.split()
    if not said or len(said) > _LONGEST_WORDS:
        return None
    if _PRONOUN.match(said[-1]):
        return said[-1]
    names = _names(phrase)
    first = _names(_PREPOSITION.split(phrase)[0])
    if names and _OF_ANOTHER.search(phrase[: phrase.rfind(names[-1])]) and not first:
        return None  # "the mother of Agnes Lund", "sources close to her"
    if names:
        return first[-1] if first and phrase.startswith(first[0]) else names[-1]
    first_word = said[0].lower()
    if first_word not in _DETERMINERS and said[-1].lower() not in _PEOPLE:
        return None  # "record tide", as headlines have it
    return " ".join(said) if len(said) <= _LONGEST_UNNAMED else None


def _names(phrase: str) -> list[str]:
    """Return the names in a phrase, without months, weekdays, articles and the like."""
    found = []
    for match in _NAME.finditer(phrase):
        name = re.sub(r"^(?:The|A|An|But|And|In|On|Its|His|Her|Their)\s+", "", match[0])
        name = re.sub(r"[’']s?$", "", name)
        if name.lower() not in _NOT_SPEAKERS | _CALENDAR | {"the", "a", "an", "in", "on"}:
            found.append(name)
    return found


def _goes_on(text: str, sentences: tuple[Span, ...], at: int) -> bool:
    """Return whether a sentence is a quotation, begun in it or in one before it."""
    sentence = sentences[at]
    said = text[sentence.start : sentence.end]
    paragraph = text.rfind("\n", 0, sentence.start) + 1
    before = text[paragraph : sentence.start]
    is_open = before.count("“") > before.count("”") or before.count('"') % 2 == 1
    begins = (
        bool(_QUOTATION.match(said))
        and said[:1] in '“"«'
        and (at > 0 and sentences[at - 1].start >= paragraph)
    )
    return is_open or bool(begins)


def _subject_before(text: str, sentences: tuple[Span, ...], at: int, pronoun: str) -> str | None:
    """Return whom a pronoun stands for: who spoke, or began a sentence, just before."""
    for i in range(at - 1, max(-1, at - 1 - _BACK), -1):
        said = text[sentences[i].start : sentences[i].end]
        found = _named(said)
        if found and not _PRONOUN.match(found):
            return _in_full(text, found)
        if not said.lower().startswith(f"{pronoun} ") and (names := _persons(text, said)):
            return _in_full(text, names[0])
    return None


def _persons(text: str, said: str) -> list[str]:
    """Return the names that are no mere first words: of several words, or capitals elsewhere."""
    return [
        name
        for name in _names(said)
        if " " in name or re.search(rf"[a-z,] {re.escape(name)}\b", text)
    ]


def _in_full(text: str, name: str) -> str:
    """Return the whole name of who is named by the surname alone."""
    if " " in name or not name[:1].isupper():
        return name
    whole = rf"\b((?:{_UPPER}[a-zà-ÿ’'-]+ ){{1,3}}){re.escape(name)}\b"
    for match in re.finditer(whole, text):
        first = match[1].split()[0]
        if first.lower() not in _CALENDAR and not re.search(rf"\b{first.lower()}\b", text):
            return match[0]  # "Then Lund said": no first name stands in small letters elsewhere
    return name
