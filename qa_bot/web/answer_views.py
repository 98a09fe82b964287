"""Answers in their JSON form → HTML in which everything that is not ours is text. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any
from urllib.parse import quote

from qa_bot.datatypes import Coverage
from qa_bot.export import Form, agreement_line, remarks, source_line
from qa_bot.text import written_date

_FILTER_NAMES = {"as_of": "as of", "since": "from", "until": "until", "publisher": "publisher"}
_WRONG = (
    ("wrong_answer", "Wrong answer"),
    ("wrong_source", "Wrong source"),
    ("should_have_declined", "Should have declined"),
)
UNSUPPORTED = "Nothing in the articles supports this sentence"


def question_bubble(question: str) -> str:
    """Return what the person asked, as text."""
    return f'<div class="qb-question">{escape(question)}</div>'


def notice(message: str) -> str:
    """Return a plain line: a state of work, or an error."""
    return f'<div class="qb-notice" role="status">{escape(message)}</div>'


def partial(text: str) -> str:
    """Return an answer that is still being written."""
    return f'<div class="qb-card"><p class="qb-text">{escape(text)}</p></div>'


def answer_card(answer: Form, suggestions: Sequence[str] = ()) -> str:
    """Return the card of an answer or a refusal; ``suggestions`` are questions answered instead."""
    refusal = answer["refusal"]
    body = _refusal(refusal, suggestions) if refusal else _sentences(answer) + _sources(answer)
    kind = "qb-card qb-refusal" if refusal else "qb-card"
    kept = escape(json.dumps(compact(answer), ensure_ascii=False))
    return (
        f'<div class="{kind}" data-answer="{kept}">{_understood(answer)}{body}{_foot(answer)}'
        f"{_actions(answer)}</div>"
    )


def compact(answer: Form) -> dict[str, Any]:
    """Return the answer without the text of its hits, which the articles have."""
    hits = [{name: hit[name] for name in hit if name != "text"} for hit in answer["hits"]]
    return {**answer, "hits": hits}


def coverage_line(coverage: Coverage) -> str:
    """Return ``5 articles, 5 May – 29 Dec 2021``."""
    return _covered(coverage.to_dict())


def _covered(coverage: Form) -> str:
    n = coverage["articles"]
    count = "1 article" if n == 1 else f"{n:,} articles"
    if not coverage["from"] or not coverage["to"]:
        return count
    first, last = date.fromisoformat(coverage["from"]), date.fromisoformat(coverage["to"])
    begin = first.strftime("%-d %b" if first.year == last.year else "%-d %b %Y")
    return f"{count}, {begin} – {last.strftime('%-d %b %Y')}"


def _understood(answer: Form) -> str:
    """Return the question as it was understood, where that is not as it was asked."""
    stands = " ".join(answer["standalone_question"].split())
    if stands == " ".join(answer["question"].split()):
        return ""
    return f'<p class="qb-meta qb-understood">Understood as: {escape(stands)}</p>'


def _sentences(answer: Form) -> str:
    numbered = {citation["number"]: citation for citation in answer["citations"]}
    short = f'<p class="qb-short">{escape(answer["short"])}</p>' if answer["short"] else ""
    parts = [_sentence(s, numbered, answer) for s in answer["sentences"]]
    if answer.get("timeline"):
        entries = "".join(f"<li>{part}</li>" for part in parts)
        return f'<ol class="qb-text qb-events">{entries}</ol>'
    led = any(sentence.get("lead") for sentence in answer["sentences"])
    text = "<br>".join(parts) if led else " ".join(parts)
    return f'{short}<p class="qb-text">{text}</p>{_remarks(answer)}'


def _remarks(answer: Form) -> str:
    """Return what is to be known of a model's reply: why it is not here, what was left out."""
    note = f'<p class="qb-meta">{escape(answer["note"])}</p>' if answer.get("note") else ""
    unknown = ", ".join(answer["unresolved"])
    cited = f'<p class="qb-meta">Cited, but no source: {escape(unknown)}</p>' if unknown else ""
    withheld = answer.get("withheld") or ()
    if not withheld:
        return note + cited
    n = "1 sentence" if len(withheld) == 1 else f"{len(withheld)} sentences"
    were = "was" if len(withheld) == 1 else "were"
    rows = "".join(f"<li>{escape(text)}</li>" for text in withheld)
    return (
        f'{note}{cited}<details class="qb-meta"><summary>{n} of the model’s draft {were} withheld: '
        f"nothing in the articles supports {'it' if len(withheld) == 1 else 'them'}</summary>"
        f"<ul>{rows}</ul></details>"
    )


def _sentence(sentence: Form, numbered: dict[int, Form], answer: Form) -> str:
    chips = "".join(_chip(numbered[number], answer) for number in sentence["citations"])
    lead = sentence.get("lead")
    sign = "" if answer.get("timeline") else ":"
    before = f'<span class="qb-lead">{escape(lead)}{sign}</span> ' if lead else ""
    if sentence["supported"]:
        return f"{before}{escape(sentence['text'])} {chips}"
    return (
        f'<span class="qb-unsupported" tabindex="0" title="{UNSUPPORTED}">'
        f"{escape(sentence['text'])}</span> {chips}"
    )


def _chip(citation: Form, answer: Form) -> str:
    name = f"{citation['publisher'] or citation['title']}, {written_date(citation['published'])}"
    return (
        f'<button type="button" class="qb-chip" data-panel="{escape(_panel_url(citation, answer))}"'
        f' aria-label="Source {citation["number"]}: {escape(name)}, open">'
        f"{int(citation['number'])}</button>"
    )


def _panel_url(citation: Form, answer: Form) -> str:
    """Return the address of the article's panel with all words of it that this answer cites."""
    article_id = str(citation["article_id"])
    same = [other for other in answer["citations"] if other["article_id"] == article_id]
    cited = "&".join(f"cite={int(other['start'])}-{int(other['end'])}" for other in same)
    active = f"active={int(citation['start'])}-{int(citation['end'])}"
    return f"panel?id={quote(article_id, safe='')}&{cited}&{active}"


def _sources(answer: Form) -> str:
    rows = "".join(
        f"<li>{_chip(citation, answer)} <span class='qb-meta'>{escape(source_line(citation))}"
        f"</span><q>{escape(citation['quote'])}</q>{_beside(citation)}</li>"
        for citation in answer["citations"]
    )
    return f'<p class="qb-label">Sources</p><ul class="qb-sources">{rows}</ul>'


def _beside(citation: Form) -> str:
    """Return what is known beside the words: who says them, corrections, other places."""
    return "".join(f'<span class="qb-meta">{escape(line)}</span>' for line in remarks(citation))


def _refusal(refusal: Form, suggestions: Sequence[str]) -> str:
    nearest = "".join(
        f'<li><button type="button" class="qb-open" '
        f'data-panel="panel?id={quote(str(near["article_id"]), safe="")}">'
        f"{escape(str(near['title'] or near['article_id']))}</button> "
        f'<span class="qb-meta">{escape(written_date(near["published"]))}</span></li>'
        for near in refusal["nearest"]
    )
    listed = f'<p class="qb-label">Nearest articles</p><ul>{nearest}</ul>' if nearest else ""
    asked = "".join(f"<li>{_ask_button(question)}</li>" for question in suggestions)
    instead = f'<p class="qb-label">They do answer</p><ul>{asked}</ul>' if asked else ""
    return f'<p class="qb-text qb-declined">{escape(refusal["message"])}</p>{listed}{instead}'


def _ask_button(question: str) -> str:
    return (
        f'<button type="button" class="qb-open" data-ask="{escape(question)}">'
        f"{escape(question)}</button>"
    )


def _foot(answer: Form) -> str:
    seconds = answer["timings_ms"].get("total", 0.0) / 1000
    narrowed = answer.get("narrowed") or {}
    filters = [
        f"{name} {written_date(narrowed[key]) if key != 'publisher' else narrowed[key]}"
        for key, name in _FILTER_NAMES.items()
        if narrowed.get(key)
    ]
    left_out = answer["coverage"].get("left_out") or 0
    undated = f"{left_out:,} left out: no exact date" if left_out else ""
    articles = len({citation["article_id"] for citation in answer["citations"]})
    sources = f"{articles} article{'s' * (articles != 1)} cited" if articles else ""
    told = agreement_line(answer)
    searched = f"Searched {_covered(answer['coverage'])}"
    line = " · ".join(
        filter(None, (searched, *filters, undated, sources, told, f"{seconds:.1f} s"))
    )
    return f'<p class="qb-foot">{escape(line)}</p>'


def _actions(answer: Form) -> str:
    """Return what can be done with an answer; the page's script does it."""
    wrong = "".join(
        f'<label><input type="radio" name="verdict" value="{value}"> {name}</label>'
        for value, name in _WRONG
    )
    return (
        '<div class="qb-actions">'
        '<button type="button" data-do="copy">Copy with footnotes</button>'
        '<button type="button" data-do="markdown">Markdown</button>'
        '<button type="button" data-do="receipt">Receipt</button>'
        f'<button type="button" data-ask="{escape(answer["question"])}">Ask again</button>'
        f'<button type="button" data-edit="{escape(answer["question"])}">Edit</button>'
        '<button type="button" data-do="good">Good</button>'
        '<button type="button" data-do="wrong" aria-expanded="false">Wrong</button>'
        '<span class="qb-said" role="status"></span>'
        f'<form class="qb-wrong" hidden aria-label="What is wrong">{wrong}'
        '<label>Comment <input type="text" name="comment" maxlength="2000"></label>'
        '<button type="submit">Send</button></form></div>'
    )
