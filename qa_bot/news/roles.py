"""Find what an article says a person is: a title, an apposition, or the words after "is" or "as".

A word for an office, a trade or a relation marks a role; the patterns are for English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from qa_bot.datatypes import Span
from qa_bot.news.speakers import SAYING
from qa_bot.text import CALENDAR_NAMES, CONNECTORS, is_function_word, split_sentences, words

_ROLE_WORDS = """
    academic accountant activist actor actress adviser advisor agent aide ambassador analyst
    announcer apprentice archbishop architect archivist artist assistant astronaut athlete
    attorney aunt author baker ballerina banker barber baron baroness barrister bassist bishop
    blogger boss boxer boy boyfriend broadcaster broker brother builder burglar butcher campaigner
    candidate captain cardinal carer caretaker carpenter cashier cellist ceo cfo chair champion
    chancellor chaplain chef chemist chief cleaner clerk clown co-founder coach collector colonel
    columnist comedian commander commentator commissioner commodore composer conductor constable
    consul consultant contractor convener cook coordinator coroner correspondent councillor
    councilor counsel counsellor cousin critic curator cyclist dancer daughter dean defendant
    defender delegate dentist deputy designer detective developer diplomat director diver doctor
    driver drummer duchess duke economist editor engineer entrepreneur envoy executive expert
    explorer farmer father fiancé fiancée financier firefighter forester forward founder friend
    gardener girl girlfriend goldsmith golfer governor grandfather grandmother grandson guard
    guide guitarist gymnast hairdresser head headmistress headteacher historian husband imam
    inspector instructor inventor investigator investor janitor jockey joiner journalist judge
    justice keeper king labourer landlady landlord lawyer leader lecturer librarian lieutenant
    lifeguard linguist lobbyist major man manager marathoner marshal mason master mayor mechanic
    mediator member mep merchant midfielder midwife miner minister model monk mother mp native
    negotiator neighbor neighbour nephew neuroscientist niece novelist nun nurse officer official
    operator opponent organiser organist organizer owner painter paramedic partner pastor patient
    patron pensioner pharmacist philosopher physicist pianist pilot pirate player playwright
    plumber poet porter potter premier presenter president priest prince princess principal
    producer professor programmer prosecutor psychiatrist publisher pupil queen rabbi ranger
    receptionist rector referee registrar reporter representative researcher resident reverend
    rival runner sailor schoolboy schoolgirl schoolteacher scientist screenwriter sculptor
    secretary senator sergeant sheriff shipbuilder singer sister skipper soldier solicitor son
    songwriter speaker sprinter stepfather stepmother steward striker student substitute successor
    superintendent supporter surgeon surveyor survivor suspect swimmer tailor taoiseach teacher
    teenager tenant thief tourist trader trainee trainer translator treasurer trustee uncle
    undersecretary vet veteran veterinarian vicar vice-chair vice-president victim violinist
    visitor volunteer waiter waitress warden weaver welder whistleblower widow widower wife winger
    winner witness woman worker wrestler writer
"""
_ROLES = frozenset(re.findall(r"[\w-]+", _ROLE_WORDS))
_ROLE_ENDINGS = (
    *("general", "grapher", "holder", "ician", "keeper", "maker", "man", "master", "ologist"),
    *("person", "player", "woman", "worker"),
)
_SHORT = 6  # letters of the longest word whose ending says nothing: "German"
# Words in -ed and -ing that are no verb before a title.
_PARTICIPLES = frozenset(
    re.findall(
        r"[\w-]+",
        """retired jailed convicted disgraced acclaimed celebrated elected appointed suspended
        exiled ousted sacked accused self-employed unemployed red united detained acting incoming
        outgoing leading managing founding sitting visiting ranking training housing planning""",
    )
)
# Common past tenses without -ed, and present tenses of headlines.
_VERBS = frozenset(
    re.findall(
        r"\w+",
        """met saw made took left won beat gave sent found knew brought got put led held heard lost
        paid hit shot cut set let kept taught caught fought sought began meets sees joins backs
        beats names picks says asks thanks sues hires faces""",
    )
)
_SAYING = re.compile(SAYING)
_WORD = re.compile(r"[^\W_](?:[\w’'&.-]*\w)?")
_BREAK = re.compile(r"[,;:—–()\[\]“”\"«»\n]|\s-\s")
_DETERMINER = r"(?:the|a|an|one|its|their|his|her|our|my|another)"
_WHOSE = re.compile(r"(?:its|their|his|her|our|my)\s", re.IGNORECASE)
_POSSESSOR = r"[^\W\d_][\w-]*(?:\s[^\W\d_][\w-]*)?(?:[’']s|s[’'])"
_AGE = r"(?:,?\s(?:aged\s)?\d{1,3}\b|\s\(\d{1,3}\))"
_IN_PHRASE = r"[^,;:—–“”\"\n()]"
_ROLE = rf"(?P<role>{_IN_PHRASE}{{3,120}})"
_AFTER = re.compile(
    rf"{_AGE}?(?:,|\s[–—])\s(?P<role>{_IN_PHRASE}{{3,120}}?)(?=[,;:—–)\n]|[.!?](?:\s|$)|$)"
)
# "another passenger", "the prop who scored twice"; not "the jury heard".
_DESCRIBES = re.compile(
    rf"another\s|(?:the|its|their|his|her)\s{_IN_PHRASE}+?\swho\s", re.IGNORECASE
)
_WHO = re.compile(
    r"who\s(?:is|was|has\sbeen|(?=runs|leads|heads|chairs|owns|manages|coaches|edits|captains|works"
    r"|founded|worked|ran|led|headed|chaired|owned|managed|coached))\s?",
)
_IS = re.compile(
    rf"{_AGE}?,?\s(?:is|was|has\sbeen|had\sbeen|became|becomes|will\sbecome|will\sbe|remains|to\sbe)"
    r"\s(?:now\s|also\s|then\s|still\s)?"
    r"(?:(?:re-)?elected\s|named\s|appointed\s|made\s|chosen\s|hired\s|sworn\sin\s|picked\s)?"
    rf"(?:as\s)?{_ROLE}"
)
_NAMED = re.compile(r"\b(?:named|appointed|elected|made|hired|chose|chosen|picked|promoted)\s$")
_AS = re.compile(rf"{_IN_PHRASE}{{0,40}}?\sas\s{_ROLE}")
_TO_OFFICE = re.compile(rf"\s(?:as\s|to\sbe\s)?{_ROLE}")
# A role ends where the sentence tells what happened.
_ROLE_ENDS = re.compile(
    r"\s(?:on|after|when|but|because|while|until|before|yesterday|today|tomorrow|last|next|said|says"
    r"|told|by|less|more|at\sthe\sage|following|and\s(?:has|was|is))\b.*",
    re.DOTALL,
)
# "Asked about Vell, the mayor laughed."
_CLAUSE_FIRST = re.compile(r"\w+(?:ed|ing)\s|(?:After|As|When|While|With|Before|Since|If|For)\s")
# "Vell’s", "Vell Rovers"; not "Vell Monday".
_NAMES_MORE = re.compile(
    rf"[’']s\b|\s(?!(?:{'|'.join(sorted(CALENDAR_NAMES))})\b)(?-i:[A-Z][a-z])", re.IGNORECASE
)
_GAP = re.compile(r",\s$|\s[–—]\s$")
_LONGEST_TITLE = 6  # words before the one that marks the role; chosen by hand
_NEAR = 5  # words of a phrase among which one marks the role; chosen by hand


class Role(NamedTuple):
    """A sentence that says what a person is, and the words that do, as spans of the article."""

    sentence: Span
    words: Span


def roles_of(text: str, name: str, start: int = 0, end: int | None = None) -> tuple[Role, ...]:
    """Return the roles of a person in ``text[start:end]``, at most one of each sentence, in order.

    Args:
        text: of the article.
        name: full or only the last, in any case, with or without accents.
        start: where to begin.
        end: where to end; None for the end of the text.

    >>> said = "Mayor Ana Vell spoke. Tom Ode, a baker from Hesk, listened."
    >>> [said[slice(*role.words)] for name in ("vell", "Tom Ode") for role in roles_of(said, name)]
    ['Mayor', 'a baker from Hesk']
    """
    found = []
    for sentence in split_sentences(text, start, end):
        said = text[slice(*sentence)]
        role = next(filter(None, (_role(said, m) for m in find_mentions(said, name))), None)
        if role:
            place = Span(sentence.start + role.start, sentence.start + role.end)
            found.append(Role(sentence, place))
    return tuple(found)


def find_mentions(text: str, name: str) -> Iterator[Span]:
    """Yield the places of a name in a text, each with the first names before a last name.

    The text has every word of the name with a capital. "Vell’s" and "Vell Rovers" mention no Vell.
    """
    asked = words(name)
    if not asked:
        return
    folded = "".join(map(_folded, text))
    between = r"[^\w,;:]+"
    for match in re.finditer(rf"\b{between.join(asked)}\b", folded):
        found = text[slice(*match.span())]
        capitals = [w for w in found.split() if w not in CONNECTORS.split("|")]
        if all(w[0].isupper() for w in capitals) and not _NAMES_MORE.match(text, match.end()):
            yield Span(_first_name(text, match.start()), match.end())


def _folded(char: str) -> str:
    """Return a character in lower case without accents."""
    return (unicodedata.normalize("NFKD", char.lower()) or char)[0]


def _first_name(text: str, start: int) -> int:
    """Return where the capitalised words before a name begin that are neither role nor date."""
    while before := re.search(r"([^\W_][\w’'.-]*)\s$", text[:start]):
        word = before[1]
        low = word.lower().rstrip(".")
        other = _is_role(low) or low in CALENDAR_NAMES or is_function_word(low)
        acronym = word.isupper() and len(word) > 1
        if other or acronym or not word[0].isupper():
            break
        start = before.start()
    return start


def _role(said: str, mention: Span) -> Span | None:
    """Return the words of a sentence that say what the person of a mention is, without "their"."""
    role = (
        _title(said, mention.start)
        or _apposition(said, mention.end)
        or _apposition_before(said, mention)
        or _predicate(said, mention)
    )
    whose = _WHOSE.match(said, *role) if role else None
    return Span(whose.end(), role.end) if role and whose else role


def _title(said: str, end: int) -> Span | None:
    """Return the title before a name: "Assistant coach", "Secretary of State"."""
    begin = max((m.end() for m in _BREAK.finditer(said, 0, end)), default=0)
    before = list(_WORD.finditer(said, begin, end))
    if not before or said[before[-1].end() : end] != " " or is_function_word(before[-1][0]):
        return None
    last = len(before) - 1
    heads = [i for i in range(max(0, last - 3), last + 1) if _is_role(before[i][0])]
    head = next((i for i in reversed(heads) if i == last or _is_of(before[i + 1][0])), None)
    if head is None:
        return None
    first = head
    while first and head - first < _LONGEST_TITLE and _modifies(before[first - 1][0]):
        first -= 1
    return Span(before[first].start(), before[-1].end())


def _is_role(word: str) -> bool:
    """Return whether a word, or the last one of a compound, marks a role."""
    low = word.lower().rstrip(".")
    last = low.rpartition("-")[2]
    return last in _ROLES or (low.endswith(_ROLE_ENDINGS) and len(low) > _SHORT)


def _is_of(word: str) -> bool:
    return word in ("of", "for", "General", "general")


def _modifies(word: str) -> bool:
    """Return whether a word before a role may belong to it."""
    low = word.lower()
    if word.isupper() and len(word) > 1:  # "US", not "us"
        return True
    if is_function_word(low) or low in CALENDAR_NAMES | _VERBS or _SAYING.fullmatch(low):
        return False
    is_verb = low.endswith(("ed", "ing")) and low not in _PARTICIPLES and "-" not in low
    return not is_verb and not low.isdigit() and not low.endswith("ly")


def _apposition(said: str, start: int) -> Span | None:
    """Return the apposition after a name: ", 46, a baker from Hesk,"."""
    match = _AFTER.match(said, start)
    if match is None:
        return None
    begin, end = match.span("role")
    if _CLAUSE_FIRST.match(said) and not said[end:].startswith(","):
        return None
    if who := _WHO.match(match["role"]):
        return Span(begin + who.end(), end)
    is_role = _begins_with_role(match["role"]) or _DESCRIBES.match(match["role"])
    return Span(begin, end) if is_role else None


def _begins_with_role(phrase: str) -> bool:
    """Return whether one of the first words of a phrase marks a role, and no verb is before it."""
    begins = re.match(
        rf"(?:(?:then|now|once|formerly)\s)?(?:{_DETERMINER}\s)?", phrase, re.IGNORECASE
    )
    assert begins
    for word in _WORD.findall(phrase[begins.end() :])[:_NEAR]:
        if _is_role(word):
            return True
        if not _modifies(re.sub(r"[’']s?$", "", word)) and word not in ("of", "and", "only"):
            return False
    return False


def _apposition_before(said: str, mention: Span) -> Span | None:
    """Return the apposition before a name: "The engineer leading the inquiry, Ana Vell, said"."""
    gap = _GAP.search(said[: mention.start])
    if gap is None:
        return None
    end = gap.start()
    begin = max((m.end() for m in _BREAK.finditer(said, 0, end)), default=0)
    begins = re.compile(rf"\b(?:{_DETERMINER}|{_POSSESSOR})\s", re.IGNORECASE)
    for match in begins.finditer(said, begin, end):
        possessor = match[0][:-1].endswith(("’s", "'s", "s’", "s'"))
        phrase = said[match.end() if possessor else match.start() : end]
        if _begins_with_role(phrase):
            return Span(match.start(), end)
    return None


def _predicate(said: str, mention: Span) -> Span | None:
    """Return the role after "is", "has been elected" or "as"."""
    patterns = [_IS, _AS]
    if _NAMED.search(said[: mention.start]):
        patterns = [_TO_OFFICE]
    for pattern in patterns:
        match = pattern.match(said, mention.end)
        if match is None:
            continue
        role = _ROLE_ENDS.sub("", match["role"]).rstrip(" .!?")
        if _begins_with_role(role):
            return Span(match.start("role"), match.start("role") + len(role))
    return None
