"""Read the two things that a question compares, and the question for the figure of each one.

The patterns are for English: "did A get more votes than B", "how much longer is A than B", "which
cost more, A or B", "was A or B older". "Seats before and after" asks for two figures of one thing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from qa_bot.question.comparatives import FIGURES, LARGER, question_verb
from qa_bot.question.intent import AUXILIARY, REQUEST
from qa_bot.text import numbers

# "More votes" asks for a number of votes, "more" alone for an amount.
_NOUN = (
    r"(?!(?:than|expensive|or|of|on|in|for|at|with|to|by|from|as|if|when|about|and|today|now)\b)"
    r"[^\W\d_][\w-]*"
)
_COMPARATIVE = (  # "last longer" is no comparative of its own
    rf"\b(?:(?P<adjective>(?!last (?:longer|shorter))(?:{'|'.join(FIGURES)}))|"
    rf"(?P<more>more|fewer|less)(?: (?P<noun>{_NOUN}))?)\b"
)
_MASS = frozenset({"money", "time", "water", "power", "space", "rain", "land", "damage", "help"})
_LEAD = r"^(?:and |so |but )?"
_OTHER_WAY = re.compile(r",? or the other way (?:a?round)", re.IGNORECASE)
_END = rf"(?:{_OTHER_WAY.pattern})?\s*[?.!]*$"
_TO_BE = r"(?:is|are|was|were)"
_THAN = re.compile(
    rf"{_LEAD}(?P<aux>{AUXILIARY}) (?P<middle>.+?) {_COMPARATIVE}(?P<rest>.*?) than (?P<other>.+?)"
    rf"{_END}",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    rf"{_LEAD}(?:by )?how (?:much|far|many(?: (?!times|per)\w+)??) {_COMPARATIVE}(?P<rest>.*?) "
    rf"(?P<aux>{AUXILIARY}) (?P<middle>.+?) than (?P<other>.+?){_END}",
    re.IGNORECASE,
)
_WHICH = re.compile(
    rf"{_LEAD}(?P<before>.*?)\b(?:who|which|what)(?: of (?:them|these|the two))?"
    rf"(?:[’']s|(?P<verb>(?: [\w’'-]+){{1,3}}?)) (?P<the>the )?{_COMPARATIVE}"
    rf"(?P<tail>.* or .*?){_END}",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[,;:]\s*| [–—-]+ ")
# "Was A or B older", "did A or B get more votes", "was it higher in A or in B".
_OR_IS = re.compile(
    rf"{_LEAD}(?P<aux>{_TO_BE}) (?P<one>.+?) or (?P<other>.+?) (?P<the>the )?{_COMPARATIVE}"
    rf"(?P<rest>.*?){_END}",
    re.IGNORECASE,
)
_OR_DOES = re.compile(
    rf"{_LEAD}(?P<aux>(?!{_TO_BE}\b){AUXILIARY}) (?P<one>.+?) or (?P<other>.+?) "
    rf"(?P<verb>[\w’'-]+) (?P<the>the |an? )?{_COMPARATIVE}(?P<rest>.*?){_END}",
    re.IGNORECASE,
)
_IN_OR = re.compile(
    rf"{_LEAD}(?P<aux>{AUXILIARY}) (?P<middle>.+?(?<!\bthe)(?<!\bno)(?<!\ba)) {_COMPARATIVE} "
    rf"(?P<one>(?:in|on|at|during|under) .+?) or (?P<other>.+?){_END}",
    re.IGNORECASE,
)
# "More or less", "finished higher": no two figures decide.
_NO_CHOICE = re.compile(
    r"\b(?:more|less|fewer|earlier|later|up) or (?:more|less|fewer|not|earlier|later|down)\b"
    r"|\b(?:finish|rank|plac|com|cam)\w* (?:\w+ )?(?:higher|lower)\b",
    re.IGNORECASE,
)
# "Did she get 300 more than he", "is it no longer than": not a mere comparison.
_QUALIFIED = re.compile(
    r"\d|n[’']t\b|\b(?:no|not|never|any|twice|half|double|times)\b|\b(?:(?:one|two|three|four|five|six|"
    r"seven|eight|nine|ten) \w+)$",
    re.IGNORECASE,
)
_TWO_FIGURES = re.compile(
    r"\b(?:then and now|planned and actual|compared? (?:with|to) (?P<other>[^,?]+)|"
    r"(?:now|after) (?:and|vs\.?|versus) (?:then|before)|"
    r"before (?:and|vs\.?|versus) (?:after|now)|"
    r"(?:first|original|initial)\w* (?:\w+ )?(?:and|vs\.?|versus) (?:later|after|final|now))\b",
    re.IGNORECASE,
)
_IS = re.compile(rf"^{_TO_BE}$", re.IGNORECASE)
_BEFORE_COMPARATIVE = re.compile(
    r" (?:going to be|supposed to be|meant to be|be|an?|the|even|much)$", re.IGNORECASE
)
# What may follow the comparative: "in May", "running"; a noun only after "got the longer".
_GOES_ON = re.compile(
    r"^(?:in|on|at|for|of|to|by|from|with|per|during|after|before|\w+(?:ing|ed))\b", re.IGNORECASE
)
_HAS = re.compile(
    r"^(?:ha(?:ve|s|d)|g[eo]t|gets|serve[ds]?|receive[ds]?|give[ns]?|gave|ma[dk]e|offer(?:s|ed)?|"
    r"w[io]n|set|paid|pay)$",
    re.IGNORECASE,
)
_LINKS = re.compile(r"^(?:is|are|was|were|be|been|cost|last|took|take|came|come)s?$", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"^(?P<item>.+) (?P<verb>\w+ed|built|born|made|paid|sold|held|shut|hit|sent|known|found|lost)$",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"", "the", "a", "an"})
_WITHIN = re.compile(r"^(?:in|on|at|for|from|during|after|before|under) ", re.IGNORECASE)
_AFTER_ITEM = re.compile(
    r" (?:did|was|were|is|are|does|do|has|had|will|would)(?=$| (?:in|at|on|for) )", re.IGNORECASE
)
_FURTHER = re.compile(r",? and (?:by |in )?(?:what|how|who|where|when|why)\b.*$", re.IGNORECASE)
_NO_ITEM = re.compile(
    r"^(?:to|there|it|they|he|she|we|you|him|her|them|not|so|one|half|\d[\d,.]*|an? \w+|ever|usual|"
    r"normal|before|any\w*|others?|expected|planned|thought|last|officials|experts|"
    r"(?:two|three|four|five|six|ten|twenty)"
    r"|(?:(?:was )?(?:first|originally|initially) )?(?:thought|expected|planned|reported))\b",
    re.IGNORECASE,
)


class Form(StrEnum):
    """What a question wants to know of two figures."""

    WHICH = "which"
    WHETHER = "whether"
    DIFFERENCE = "difference"
    BOTH = "both"
    """Two figures of one thing; the only item, if any, is what the other figure is of."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two things that a question compares.

    Attributes:
        form: what it asks.
        items: the two, as the question names them, or at most one of two figures of one thing.
        asked: the questions for the figure of each.
        how: the words that ask for the figure, as "how old", "when" or "how many votes"; or "".
        larger: whether it asks for the larger figure.
    """

    form: Form
    items: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    how: str = ""
    larger: bool = True


def read_comparison(text: str) -> Comparison | None:
    """Return what a question compares, or None if it compares no two named things.

    >>> read_comparison("Did Ann Lee get more votes than Bo Yi?").asked
    ('How many votes did Ann Lee get?', 'How many votes did Bo Yi get?')
    >>> read_comparison("which is older, the mill or the church").asked
    ('How old is the mill?', 'How old is the church?')
    """
    text = REQUEST.sub("", text)
    if _NO_CHOICE.search(text):
        return None
    if match := _HOW_MUCH.match(text) or _THAN.match(text):
        return _of_than(match)
    if match := _WHICH.match(text):
        return _of_which(match)
    if match := _IN_OR.match(text):
        return _of_or(match, in_middle=True)
    if match := _OR_IS.match(text) or _OR_DOES.match(text):
        return _of_or(match)
    match = _TWO_FIGURES.search(text)
    return Comparison(Form.BOTH, tuple(filter(None, [match["other"]]))) if match else None


def _of_which(match: re.Match[str]) -> Comparison | None:
    """Return what "which … more …, A or B" compares."""
    rest, items = _choice(match["tail"])
    is_apart = bool(_SEPARATOR.search(match["tail"]))
    verb = (match["verb"] or "is").split()
    if len(items) != 2 or not _may_follow(match, rest, verb[-1]):
        return None
    if not is_apart and (match["the"] or not (match["noun"] or _LINKS.match(verb[-1]))):
        return None  # "who demanded higher wages or shorter hours"
    if not re.fullmatch(AUXILIARY, verb[0], re.IGNORECASE):  # "which fire burned more"
        verb = [*question_verb(verb[-1])]
    after = f"{' '.join(verb[1:])} {rest} {match['before']}"
    said = [_sentence(_how(match), verb[0], item, after) for item in items]
    return _comparison(match, Form.WHICH, " ".join(verb), items, said)


def _choice(tail: str) -> tuple[str, tuple[str, ...]]:
    """Return what stands before the choice "A or B" after a comparative, and its items."""
    parts = _SEPARATOR.split(tail.strip())
    if len(parts) > 2:  # "A, B or C"
        return "", ()
    return " ".join(parts[:-1]), tuple(parts[-1].split(" or "))


def _of_or(match: re.Match[str], in_middle: bool = False) -> Comparison | None:
    """Return what "did A or B get more …" or "was it more … in A or in B" compares."""
    (one, other), how, aux = match.group("one", "other"), _how(match), match["aux"]
    if in_middle:
        said = [_sentence(how, aux, match["middle"], item) for item in (one, other)]
        return _comparison(match, Form.WHICH, aux, (one, other), said)
    verb = match.groupdict().get("verb") or ""
    if "," in one or not _may_follow(match, match["rest"], verb):
        return None
    if _IS.match(aux):  # "was A or B built first"
        other, verb = _without_participle(other)
    said = [_sentence(how, aux, item, f"{verb} {match['rest']}") for item in (one, other)]
    return _comparison(match, Form.WHICH, aux, (one, other), said)


def _may_follow(match: re.Match[str], rest: str, verb: str) -> bool:
    """Return whether what follows a comparative leaves it one: not "on the lower deck"."""
    rest = rest.strip()
    if _how(match) == "when":  # "the first name of A or B"
        return not (rest or match["the"])
    return not rest or bool(_GOES_ON.match(rest) or (match["the"] and _HAS.match(verb)))


def _without_participle(item: str) -> tuple[str, str]:
    found = _PARTICIPLE.match(item)
    return (found["item"], found["verb"]) if found else (item, "")


def _of_than(match: re.Match[str]) -> Comparison | None:
    """Return what "… A … than B" compares, or None if it does not show where A ends."""
    form = Form.WHICH if _OTHER_WAY.search(match.string) else Form.WHETHER
    if match.re is _HOW_MUCH:
        form = Form.DIFFERENCE
    how, aux, within = _how(match), match["aux"], match["rest"].strip()
    middle, other = _BEFORE_COMPARATIVE.sub("", match["middle"]), _plain_item(match["other"])
    if _QUALIFIED.search(f"{aux} {match['middle']}") or _word(match) in ("first", "last"):
        return None
    if _IS.match(aux):
        subject, verb = _without_participle(middle)
    elif match["middle"].endswith(" be"):  # "will A be longer than B"
        subject, verb = middle, "be"
    else:
        subject, verb = _last_word(middle)
    if not subject or _NO_ITEM.match(subject) or _NO_ITEM.match(other) or numbers(other.split()[0]):
        return None
    if _WITHIN.match(other):  # "was it higher in 1978 than in 2021"
        said = [_sentence(how, aux, f"{subject} {verb}", one) for one in (within, other)]
        return _comparison(match, form, aux, (within or subject, other), said)
    said = [_sentence(how, aux, item, f"{verb} {within}") for item in (subject, other)]
    return _comparison(match, form, aux, (subject, other), said)


def _last_word(words: str) -> tuple[str, str]:
    before, _, last = words.rpartition(" ")
    return before, last


def _plain_item(words: str) -> str:
    """Return the second thing without "did" after it and without a further question."""
    return _AFTER_ITEM.sub("", _FURTHER.sub("", words))


def _comparison(
    match: re.Match[str], form: Form, verb: str, items: tuple[str, ...], said: list[str]
) -> Comparison | None:
    """Return a comparison, or None for "is A more popular": no figure tells that."""
    if match["noun"] and _IS.match(verb):
        return None
    word = _word(match)
    named = tuple(_WITHIN.sub("", item).strip() for item in items)
    if any(item.lower() in _ARTICLES for item in named):
        return None
    return Comparison(form, named, tuple(said), _how(match), word in LARGER or word == "more")


def _word(match: re.Match[str]) -> str:
    return str(match["adjective"] or match["more"]).lower()


def _how(match: re.Match[str]) -> str:
    """Return the words that ask for the figure: "how old", "how many votes"."""
    if match["adjective"]:
        return FIGURES[match["adjective"].lower()]
    noun = match["noun"]
    if noun is None:
        return "how much"
    return f"how {'much' if noun in _MASS else 'many'} {noun}"


def _sentence(how: str, aux: str, item: str, rest: str) -> str:
    words = " ".join(f"{how} {aux.lower()} {item} {rest}".replace(",", " ").split())
    return f"{words[0].upper()}{words[1:]}?"
