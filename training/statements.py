"""Sentences made from questions with their answers, and shorter sentences from long ones."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from lemminflect import getInflection

WH = {"WDT", "WP", "WP$", "WRB"}
_PREPOSITIONS = ("in", "on", "at", "from", "by", "near", "to", "under", "after", "before", "during")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a parsed question.

    Attributes:
        wh: the question word.
        phrase: the places of the words that ask, like "which news agency".
        root: the main verb.
        subject: the head of the subject.
        span: the places of the subject's words.
    """

    wh: Any
    phrase: list[int]
    root: Any
    subject: Any
    span: list[int]

    @property
    def asks_for_subject(self) -> bool:
        """Return whether the question word is in the subject."""
        return self.wh.i in self.span or self.subject.i in self.phrase


def _parts(question: Any) -> _Parts | None:
    """Return the parts of a question that begins with its question word, else None."""
    wh = next((token for token in question if token.tag_ in WH), None)
    if wh is None or wh.i > 1 or (wh.i == 1 and question[0].pos_ != "ADP"):
        return None
    root = next(token for token in question if token.dep_ == "ROOT")
    subject = next((t for t in root.children if t.dep_ in ("nsubj", "nsubjpass", "expl")), None)
    if subject is None:
        return None
    return _Parts(wh, _wh_phrase(wh), root, subject, sorted(t.i for t in subject.subtree))


def statement(question: Any, answer: str) -> str | None:
    """Return the answer as a sentence in the words of its question; None for an unknown form.

    Args:
        question: parsed by spaCy.
        answer: its words.
    """
    parts = _parts(question)
    if parts is None:
        return None
    words = [token.text_with_ws for token in question if token.text != "?"]
    phrase, span = parts.phrase, parts.span
    if parts.asks_for_subject:
        after = "".join(words[phrase[-1] + 1 :])
        return _sentence("".join(words[: phrase[0]]) + f"{answer} {after}")
    aux = next(
        (t for t in question if phrase[-1] < t.i < span[0] and t.pos_ in ("AUX", "VERB")), None
    )
    if aux is None or span[-1] + 1 > len(question):
        return None
    return _sentence(_inverted(question, parts, aux, answer))


def indirect(question: Any, *, pronoun: bool, short: bool) -> str | None:
    """Return a question as a clause after "did not say": "when the bridge opened".

    Args:
        question: parsed by spaCy.
        pronoun: replace the subject with "it", "they" or "he".
        short: end the clause before the first phrase of place, time or the like.

    >>> opened = parse("When did the bridge open to traffic?")  # doctest: +SKIP
    >>> indirect(opened, pronoun=False, short=True)  # doctest: +SKIP
    'when the bridge opened'
    """
    parts = _parts(question)
    if parts is None or any(question[i].pos_ == "AUX" for i in parts.phrase):
        return None  # the parser went wrong
    root, phrase, span = parts.root, parts.phrase, parts.span
    asked = question[: phrase[-1] + 1].text
    asked = f"{asked[0].lower()}{asked[1:]}"
    phrases = [t.i for t in root.children if t.dep_ == "prep" and t.i > max(root.i, span[-1])]
    last = phrases[0] if short and phrases else len(question)
    if parts.asks_for_subject:
        rest = "".join(t.text_with_ws for t in question[phrase[-1] + 1 : last] if t.text != "?")
        return " ".join(f"{asked} {rest}".split())
    aux = next((t for t in question if phrase[-1] < t.i < span[0]), None)
    if aux is None or aux.i + 1 != span[0] or aux.pos_ not in ("AUX", "VERB"):
        return None
    behind = [t for t in question if span[-1] < t.i < last and t.text != "?"]
    predicate = _predicate(behind, root, aux)
    if predicate is None:
        return None
    who = _pronoun(parts.subject) if pronoun else question[span[0] : span[-1] + 1].text
    return " ".join(f"{asked} {who} {predicate}".split())


def _predicate(behind: list[Any], root: Any, aux: Any) -> str | None:
    """Return the words behind the subject in the order of a statement: "did open" is "opened"."""
    words = [t.text_with_ws for t in behind]
    if aux.lemma_ != "do":
        return "".join([f"{aux.text} ", *words])
    verb = next((n for n, t in enumerate(behind) if t.i == root.i), None)
    if verb is None:
        return None
    words[verb] = f"{_inflected(root, aux)} "
    return "".join(words)


def _inflected(root: Any, aux: Any) -> str:
    """Return the verb in the tense of its "do", "does" or "did"."""
    tag = {"did": "VBD", "does": "VBZ"}.get(aux.lower_, "VBP")
    return str((getInflection(root.lemma_, tag) or (root.text,))[0])


def _pronoun(subject: Any) -> str:
    """Return the pronoun of a subject."""
    if subject.lower_ in ("he", "she", "it", "they", "you", "we", "i"):
        return str(subject.text)
    if subject.tag_ in ("NNS", "NNPS"):
        return "they"
    return "he" if subject.ent_type_ == "PERSON" else "it"


def _inverted(question: Any, parts: _Parts, aux: Any, answer: str) -> str:
    """Return subject, verb, rest and answer of a question with its subject after the verb."""
    wh, root, phrase, span = parts.wh, parts.root, parts.phrase, parts.span
    subject = question[span[0] : span[-1] + 1].text
    rest = [t for t in question if t.i > span[-1] and t.text != "?"]
    tail = question[phrase[0] + 1 : phrase[-1] + 1].text if wh.lower_ == "how" else ""
    verbs = [t for t in rest if t.i == root.i]
    if aux.lemma_ == "do" and verbs:
        main, verb = _inflected(root, aux), ""
    else:
        main, verb = (root.text if verbs else ""), aux.text
    before = "".join(t.text_with_ws for t in rest if verbs and t.i < root.i)
    behind = "".join(t.text_with_ws for t in rest if not verbs or t.i > root.i)
    placed = _placed(wh, answer, tail)
    direct = wh.lower_ in ("what", "who", "which", "how", "whom") and not behind.strip().endswith(
        _PREPOSITIONS
    )
    end = (placed, behind) if direct else (behind, placed)
    words = (subject, verb, before, main, *end)
    return " ".join(word.strip() for word in words if word.strip())


def _placed(wh: Any, answer: str, tail: str) -> str:
    first = answer.split()[0].lower() if answer.split() else ""
    if wh.lower_ in ("when", "where") and first not in _PREPOSITIONS:
        return f"in {answer}"
    if wh.lower_ == "why" and first not in ("because", "to", "due", "for"):
        return f"because {answer}"
    noun = tail.removeprefix("many").removeprefix("much").strip()
    return answer if not noun or noun.lower() in answer.lower() else f"{answer} {noun}"


def _wh_phrase(wh: Any) -> list[int]:
    """Return the places of the asking words: "which news agency", "how many homes"."""
    end = wh.i
    if wh.dep_ in ("det", "poss", "advmod", "amod") and wh.head.i > wh.i and wh.head.i - wh.i <= 4:
        head = wh.head
        if wh.lower_ == "how" and head.head.i > head.i and head.head.i - head.i <= 2:
            head = head.head
        if head.pos_ not in ("VERB", "AUX"):
            end = head.i
    return list(range(wh.i, end + 1))


def _sentence(text: str) -> str | None:
    text = " ".join(text.split()).strip(" ,")
    return f"{text[0].upper()}{text[1:]}." if len(text.split()) >= 3 else None


def one_of_two(sentence: Any, rng: random.Random) -> str | None:
    """Return the sentence of one verb, from a sentence with two verbs under one subject.

    >>> "It will cost 14 million and carry two lanes."  # doctest: +SKIP
    'It will carry two lanes.'
    """
    root = sentence.root
    second = next((t for t in root.children if t.dep_ == "conj" and t.pos_ == root.pos_), None)
    subject = next((t for t in root.children if t.dep_ in ("nsubj", "nsubjpass")), None)
    if second is None or subject is None or any("nsubj" in t.dep_ for t in second.children):
        return None
    behind = [t.i for t in second.subtree]
    joint = next((t.i for t in root.children if t.dep_ == "cc"), behind[0])
    own = any(t.dep_ in ("aux", "auxpass") for t in second.children)
    shared = [] if own else [t.i for t in root.children if t.dep_ in ("aux", "auxpass")]
    kept = (
        {*(t.i for t in subject.subtree), *shared, *behind}
        if rng.random() < 0.6
        else set(range(sentence.start, joint)) - set(behind)
    )
    words = "".join(t.text_with_ws for t in sentence if t.i in kept).strip(" ,;.")
    return f"{words[:1].upper()}{words[1:]}." if len(words.split()) >= 4 else None


def shortened(sentence: Any, rng: random.Random) -> str:
    """Return the sentence without some asides, clauses or leading phrases; it stays true.

    Args:
        sentence: a span parsed by spaCy.
        rng: chooses the parts to drop.
    """
    if rng.random() < 0.5 and (half := one_of_two(sentence, rng)):
        return half
    drop: set[int] = set()
    for token in sentence:
        places = [t.i for t in token.subtree]
        whole = places == list(range(places[0], places[-1] + 1))
        aside = token.dep_ in ("relcl", "appos", "advcl", "acl") and places[0] > sentence.start
        comma = aside and sentence.doc[places[0] - 1].text in (",", "--", "–", "(")
        leading = token.dep_ in ("prep", "advmod", "npadvmod") and places[0] == sentence.start
        leading = leading and token.head == sentence.root
        if whole and len(places) < len(sentence) / 2 and (comma or leading) and rng.random() < 0.7:
            drop |= set(places)
    depth = 0
    for token in sentence:
        depth += token.text == "("
        if depth:
            drop.add(token.i)
        depth -= token.text == ")" and depth > 0
    kept = [t for t in sentence if t.i not in drop]
    text = "".join(t.text_with_ws if t.i + 1 not in drop else f"{t.text} " for t in kept)
    for wrong, right in ((" ,", ","), (",,", ","), (" .", "."), (",.", "."), ("  ", " ")):
        text = text.replace(wrong, right)
    text = text.strip(" ,–-")
    return f"{text[:1].upper()}{text[1:]}" if len(text.split()) >= 4 else sentence.text
