"""Recognise the words that mark what a person is: offices, trades and relations."""

from __future__ import annotations

import re

from qa_bot.news.speakers import SAYING
from qa_bot.text import CALENDAR_NAMES, is_function_word

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
WORD = re.compile(r"[^\W_](?:[\w’'&.-]*\w)?")  # with its inner points, hyphens and apostrophes


def is_role(word: str) -> bool:
    """Return whether a word, or the last one of a compound, marks a role."""
    low = word.lower().rstrip(".")
    last = low.rpartition("-")[2]
    return last in _ROLES or (low.endswith(_ROLE_ENDINGS) and len(low) > _SHORT)


def modifies(word: str) -> bool:
    """Return whether a word before a role may belong to it."""
    low = word.lower()
    if word.isupper() and len(word) > 1:  # "US", not "us"
        return True
    if is_function_word(low) or low in CALENDAR_NAMES | _VERBS or _SAYING.fullmatch(low):
        return False
    is_verb = low.endswith(("ed", "ing")) and low not in _PARTICIPLES and "-" not in low
    return not is_verb and not low.isdigit() and not low.endswith("ly")
