"""Tell small talk from questions: greetings, thanks, play, and requests of chat programs.

A text is small talk if it is a request for play or for a title, or if all its words are those of
small talk. Names and things of the news are none of them: "who helped the sailors" is a question.
"""

from __future__ import annotations

import re

from qa_bot.question.intent import AUXILIARY
from qa_bot.text import is_function_word, words

_GREETING = (
    r"(?:(?:hi|hii+|hello+|helo|he+y+a?|hiya|howdy|hallo|greetings|good (?:morning|afternoon|"
    r"evening|day))(?: there| all| everyone| team| bot| qa-?bot)?|dear (?:\w+ )?(?:assistant|bot))"
)
_REACTION = (
    r"(?:(?:many |great,? |ok(?:ay)?,? )?(?:thanks|thank you|thx|cheers)(?: so much| a lot|"
    r" very much| again)?|sorry|ok(?:ay)?|great|good|wow|cool|lol|haha+|perfect|"
    r"that[’']?s not what i asked|you[’']?re wrong|bye(?: for now)?)"
)
_FIRST = re.compile(rf"^(?:{_GREETING}|{_REACTION})\b\s*[,.!:;–—-]+\s*", re.IGNORECASE)
_LAST = re.compile(
    r"\s*[,.!?;–—-]+\s*(?:(?:many )?thanks|thank you|thx|cheers|please|pls)"
    r"(?: so much| a lot| very much| in advance)?\s*[.!?]*$",
    re.IGNORECASE,
)
_PLAY = re.compile(
    r"^(?:please |can you |could you |would you |will you )*(?:tell|sing|write|draw|compose|make|"
    r"give|play|generate|show)(?: me| us)? (?:an?|another|some) (?:(?!of\b)\w+ ){0,2}?(?:jokes?|"
    r"songs?|poems?|haikus?|limericks?|riddles?|images?|pictures?|memes?|games?|dance|essays?|"
    r"code|function|scripts?|recipes?|rap|impression)\b(?= *[?.!]*$| (?:about|for|on|that|in)\b)",
    re.IGNORECASE,
)
# The prompts by which chat programs have a model name a conversation, tag it, or continue it.
_CHAT_PROGRAM = re.compile(
    r"(?:generate|create|provide|write|give|suggest|summari[sz]e|categori[sz]e|reflect|return|"
    r"rephrase)\b.{0,160}?\b(?:title|tags?|emojis?|follow[ -]?ups?|queries|search query|phrase|"
    r"autocomplet\w+)\b",
    re.IGNORECASE | re.DOTALL,
)
_TRANSCRIPT = re.compile(
    r"<chat_history>|</?(?:conversation|messages?)>|^\W*(?:user|human|assistant|message)\W*:|"
    r"\b(?:chat history|conversation|json|standalone question|only the title|title only|"
    r"the (?:previous|following) (?:query|message|question)|here is the (?:query|message))\b",
    re.IGNORECASE | re.MULTILINE,
)
_LOOKED_AT = 2_000  # characters of a text that may be the prompt of a chat program
_REPEATED = re.compile(r"(.)\1+")
# The words of small talk, each letter once: "heyyy" and "hey" are one. A text of nothing else is
# small talk by one of the first: "what time" and "and why?" are questions.
_SIGNS = """hi hello helo hey heya hiya howdy yo greetings sup hallo hola moin gm morning goodnight
    welcome bye goodbye cya farewell cheers thanks thank thx thanx ty tysm ta appreciated appreciate
    ok okay okey k yes no yeah yep yup nope nah alright sure fine good great nice cool awesome
    amazing excellent perfect brilliant lovely wonderful super interesting wow oh ah aha hm huh hah
    haha hehe lol lmao rofl omg wtf whatever sorry oops please pls plz wrong stupid useless dumb
    silly idiot suck sucks rubbish terrible awful funny test testing asdf asdfgh qwerty qwertz foo
    blah bla bot chatbot assistant gpt chatgpt llm help joke jokes knock bored makes mind later"""
# And a question by one of these: "who are you?", but not "who is welcome?".
_SPOKEN_TO = "you your yourself youre i im me my"
_REST = """all anyone evening afternoon night see lot lots million right correct true false bad
    helpful smart clever love hate like check bots robot robots ai human person machine
    program computer real alive model there mate buddy pal dude friend partner doing going today
    everything things well sense meet hope another song sing dance lonely feelings feel remember
    talk talked talking yesterday understand understood got know say said believe lie lying work
    works name called instructions prompt system previous ignore kind kinds sort questions question
    answer answers answered ask asked asking think mistake old live speak language languages english
    german french spanish favourite favorite colour color built creator created made trained train
    use used using print million thats its whats dont cant hows really actually just already never
    maybe seriously kidding joking one bit day life had long short enough way stop start again
    try new"""


def _each_letter_once(text: str) -> list[str]:
    return [_REPEATED.sub(r"\1", word) for word in words(text)]


_SIGN_WORDS = frozenset(_each_letter_once(f"{_SIGNS} {_SPOKEN_TO}"))
_WORDS = _SIGN_WORDS | frozenset(_each_letter_once(_REST))
_ASKS = re.compile(rf"^(?:wh(?:o|om|ose|at|en|ere|y|ich)|how|{AUXILIARY})\b", re.IGNORECASE)
_ASKS_FACT = re.compile(r"^(?:wh\w+|how|is|are|was|were|do|does|did|has|have|had)\b", re.IGNORECASE)
# Someone or something of the turns before, or a quotation: "what did he welcome?".
_OF_ARTICLES = re.compile(
    r"\b(?:he|him|his|she|hers?|they|them|theirs?|people)\b|[“”\"«»„]", re.IGNORECASE
)


def without_courtesies(text: str) -> str:
    """Return a question without the greeting before it and the thanks after it.

    >>> without_courtesies("Hi there, who won the vote? Thanks!")
    'who won the vote?'
    """
    bare, before = text, None
    while bare != before:
        before, bare = bare, _FIRST.sub("", bare, count=1)
    ended = _LAST.sub("", bare)
    return (ended + "?" * (ended != bare and "?" in bare[len(ended) :])) or text


def is_small_talk(text: str) -> bool:
    """Return whether a text asks nothing of any article.

    >>> [is_small_talk(text) for text in ("Hi there!", "who are you?", "Hi, who won?", "how many?")]
    [True, True, False, False]
    """
    if _PLAY.search(text) or is_chat_program_prompt(text):
        return True
    if not words(without_courtesies(text)):
        return True
    content = " ".join(word for word in words(text) if not is_function_word(word))
    if _OF_ARTICLES.search(text) or not set(_each_letter_once(content)) <= _WORDS:
        return False
    signs = set(_SPOKEN_TO.split()) if _ASKS.search(text) else _SIGN_WORDS
    return not signs.isdisjoint(_each_letter_once(text))


def is_chat_program_prompt(text: str) -> bool:
    r"""Return whether a chat program, not a person, asks: for a title, tags or further questions.

    >>> is_chat_program_prompt("Generate a title for this chat.\n<chat_history>…</chat_history>")
    True
    """
    head = text[:_LOOKED_AT]
    if _ASKS_FACT.search(head):
        return False
    return bool(_CHAT_PROGRAM.search(head) and _TRANSCRIPT.search(head))
