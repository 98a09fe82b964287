"""Find the speaker to whom an article attributes a sentence.

The speaker is the subject of a verb of saying, or follows "according to". A pronoun refers to the
previous speaker, and a continued quotation has the speaker of its beginning. The module expands a
surname to the full name if the article has it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from qa_bot.datatypes import Span
from qa_bot.text import CALENDAR_NAMES, LOWER_LETTERS, NAME, UPPER, split_sentences

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
_NAME = re.compile(rf"{NAME}(?:\s+and\s+{NAME})*")
_VERB = re.compile(
    rf"\b(?<!is )(?<!are )(?<!was )(?<!were )(?<!been )(?<!be )(?<!the )(?:{SAYING})\b(?! off\b)"
)
_HELPERS = re.compile(
    r"(?:\s*\b(?:has|have|had|did|does|do|would|could|also|later|then|not|never)\b)+$"
)
_PREPOSITION = re.compile(r"\s(?:on|in|at|after|before|during|outside|from|of|for)\s")
_OF_ANOTHER = re.compile(r"\b(?:of|to|with|near|against|about|knows|knew|by)\s+$")
_ACCORDING = re.compile(r"\b(?:according to|in the words of)\s+([^,.;:“”\"\n]{2,80})")
# These verbs attribute a sentence only if it also has a quotation or "that".
_WEAK = re.compile(
    r"continued|recalled|observed|concluded|responded|dismissed|rejected|expressed|posted|calls?|"
    r"called|described|predicted|thought|thinks|praised|accused|criticised|criticized|urged|denied"
)
_QUOTED_OR_THAT = re.compile(r"[“”\"«»]|\bthat\b")
_BREAK = re.compile(r"[,;:—–()\[\]“”\"«»\n]")
_PRONOUN = re.compile(r"^(?:he|she|they|it)$", re.IGNORECASE)
# A quoted sentence ends with a punctuation mark, or not at all; a quoted name such as “Operation
# Dawn” does neither.
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
_LONGEST_SUBJECT, _LONGEST_UNNAMED = 12, 5  # words of a subject with and without a name; by hand
_BACK = 4  # earlier sentences in which to look for a speaker; chosen by hand


def speaker_of(text: str, sentence: Span) -> str | None:
    """Return the speaker of a sentence of an article, or None if the article names none.

    >>> text = "Agnes Lund led it. “The gate was shut,” Lund said. “It did its job.”"
    >>> [speaker_of(text, span) for span in split_sentences(text)]
    [None, 'Agnes Lund', 'Agnes Lund']
    """
    sentences = _sentences_of(text)
    at = next((i for i, s in enumerate(sentences) if s.end > sentence.start), None)
    return None if at is None else _speaker(text, sentences, at, sentence)


def is_attributed(sentence: str) -> bool:
    """Return whether a sentence itself names its speaker; "she said" names nobody."""
    found = _speaker_in(sentence)
    return found is not None and not _PRONOUN.match(found)


@lru_cache(maxsize=64)
def _sentences_of(text: str) -> tuple[Span, ...]:
    return split_sentences(text)


def _speaker(
    text: str, sentences: tuple[Span, ...], at: int, sentence: Span, back: int = _BACK
) -> str | None:
    found = _speaker_in(text[sentence.start : sentence.end])
    if found is None and at and back and _continues_quotation(text, sentences, at):
        return _speaker(text, sentences, at - 1, sentences[at - 1], back - 1)
    if found and found.lower() in ("they", "it"):
        return None
    if found and _PRONOUN.match(found):
        return _antecedent(text, sentences, at, found.lower())
    return _full_name(text, found) if found else None


def _speaker_in(said: str) -> str | None:
    """Return the name or pronoun of the speaker, as the sentence itself states it."""
    outside = _masked(said)
    if match := _ACCORDING.search(outside):
        return _name_in(match[1])
    for verb in _VERB.finditer(outside):
        if _WEAK.fullmatch(verb[0]) and not _QUOTED_OR_THAT.search(said):
            continue
        before = _subject_before(outside, verb.start())
        named = _name_in(before) if before else _name_in(_subject_after(outside, verb.end()))
        if named:
            return named
    return None


def _masked(said: str) -> str:
    """Return the sentence with blanks for its quotations, so that their verbs do not count."""
    pieces, quoted = [], False
    for part in re.split(r"([“”\"«»])", said):
        if part in ("“", "«", "”", "»", '"'):
            quoted = part in "“«" or (part == '"' and not quoted)
            pieces.append(part)
        else:
            pieces.append(" " * len(part) if quoted else part)
    return "".join(pieces)


def _subject_before(said: str, end: int) -> str:
    """Return the subject before a verb, without a clause or name in apposition."""
    begin = max((m.end() for m in _BREAK.finditer(said, 0, end)), default=0)
    clause = _HELPERS.sub("", said[begin:end].strip())
    if clause or begin == 0 or said[begin - 1] != ",":
        return clause
    comma = said.rfind(",", 0, begin - 1)  # "Agnes Lund, who led it, said"; "Its chair, Lund, said"
    if comma < 0:
        return ""
    begins = max((m.end() for m in _BREAK.finditer(said, 0, comma)), default=0)
    subject, between = said[begins:comma].strip(), said[comma + 1 : begin - 1].strip()
    return subject if _names_in(subject) else between


def _subject_after(said: str, start: int) -> str:
    """Return the subject after a verb: “It is late,” said [the mayor] on Monday."""
    stop = _BREAK.search(said, start)
    clause = said[start : stop.start() if stop else len(said)]
    return re.split(r"\s(?:that|in|on|at|after|before|during|when|as|to)\s", f"{clause} ")[0].strip(
        " .!?"
    )


def _name_in(phrase: str) -> str | None:
    """Return the speaker in a subject: its name, or the whole phrase if that means a person."""
    said = phrase.split()
    if not said or len(said) > _LONGEST_SUBJECT:
        return None
    if _PRONOUN.match(said[-1]):
        return said[-1]
    names = _names_in(phrase)
    first = _names_in(_PREPOSITION.split(phrase)[0])
    if names and _OF_ANOTHER.search(phrase[: phrase.rfind(names[-1])]) and not first:
        return None  # "the mother of Agnes Lund", "sources close to her"
    if names:
        return first[-1] if first and phrase.startswith(first[0]) else names[-1]
    first_word = said[0].lower()
    if first_word not in _DETERMINERS and said[-1].lower() not in _PEOPLE:
        return None  # "record tide", in the style of headlines
    return " ".join(said) if len(said) <= _LONGEST_UNNAMED else None


def _names_in(phrase: str) -> list[str]:
    """Return the names in a phrase, without months, weekdays and function words."""
    found = []
    for match in _NAME.finditer(phrase):
        name = re.sub(r"^(?:The|A|An|But|And|In|On|Its|His|Her|Their)\s+", "", match[0])
        name = re.sub(r"[’']s?$", "", name)
        if name.lower() not in _NOT_SPEAKERS | CALENDAR_NAMES | {"the", "a", "an", "in", "on"}:
            found.append(name)
    return found


def _continues_quotation(text: str, sentences: tuple[Span, ...], at: int) -> bool:
    """Return whether a sentence belongs to a quotation that an earlier sentence attributes."""
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


def _antecedent(text: str, sentences: tuple[Span, ...], at: int, pronoun: str) -> str | None:
    """Return the person that a pronoun refers to: an earlier speaker, or an earlier subject."""
    for i in range(at - 1, max(-1, at - 1 - _BACK), -1):
        said = text[sentences[i].start : sentences[i].end]
        found = _speaker_in(said)
        if found and not _PRONOUN.match(found):
            return _full_name(text, found)
        if not said.lower().startswith(f"{pronoun} ") and (names := _surely_names(text, said)):
            return _full_name(text, names[0])
    return None


def _surely_names(text: str, said: str) -> list[str]:
    """Return the names of several words, and those that the article also has inside a sentence."""
    return [
        name
        for name in _names_in(said)
        if " " in name or re.search(rf"[{LOWER_LETTERS},] {re.escape(name)}\b", text)
    ]


def _full_name(text: str, name: str) -> str:
    """Return the full name for a surname, if the article has it."""
    if " " in name or not name[:1].isupper():
        return name
    whole = rf"\b((?:{UPPER}[{LOWER_LETTERS}’'-]+ ){{1,3}}){re.escape(name)}\b"
    for match in re.finditer(whole, text):
        first = match[1].split()[0]
        if first.lower() not in CALENDAR_NAMES and not re.search(rf"\b{first.lower()}\b", text):
            return match[0]  # unlike "Then Lund": the article has no "then" in lower case
    return name
