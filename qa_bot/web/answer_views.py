"""HTML of questions, notices and answers, from templates that escape every value."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from qa_bot.answer import PartKind
from qa_bot.datatypes import Coverage, Published
from qa_bot.export import (
    SentenceLike,
    agreement_line,
    beyond_short,
    closest_label,
    date_label,
    event_leads,
    is_small_talk,
    remarks,
    source_line,
)
from qa_bot.web.answer_form import (
    AnswerForm,
    AppliedFilters,
    CitationForm,
    CoverageForm,
    RefusalForm,
)
from qa_bot.web.renderer import render

_WORTH_SAYING_S = 2.0  # of the time that an answer took
_FORMS: dict[str, str] = {PartKind.REPORT: "sides", PartKind.ITEM: "sides", PartKind.ROLE: "roles"}
_VERDICTS = (
    ("wrong_answer", "Wrong answer"),
    ("wrong_source", "Wrong source"),
    ("should_have_declined", "Should have declined"),
)


@dataclass(frozen=True, slots=True)
class _Source:
    """A citation as the card shows it: its button, and its row in the list of sources."""

    number: int
    panel: str
    name: str
    line: str
    quote: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Sentences that are set together; ``form`` is "paragraph", "sides" or "roles"."""

    form: str
    sentences: list[SentenceLike]


@dataclass(frozen=True, slots=True)
class _Nearest:
    """An article near a question that was declined."""

    panel: str
    title: str
    date: str


def question_bubble(question: str) -> str:
    """Return the question of a person."""
    return render("question.html", question=question)


def notice(message: str) -> str:
    """Return a plain line: a state of work, or an error."""
    return render("notice.html", message=message)


def partial(text: str) -> str:
    """Return an answer that is still being written."""
    return render("partial.html", text=text)


def masthead(coverage: Coverage) -> str:
    """Return the head of the page, with a button that opens the list of articles."""
    return render("masthead.html", coverage=coverage_line(coverage))


def unfinished(message: str, question: str) -> str:
    """Return the card of a question that was stopped or that failed."""
    return render("unfinished.html", message=message, question=question)


def in_force(filters: Mapping[str, str], query: str = "") -> str:
    """Return a button for each filter that takes it off; nothing without filters.

    Args:
        filters: what each does in words, by the name of its control.
        query: the filters as a query string, by which the script asks for the list of articles.
    """
    return render("in_force.html", filters=list(filters.items()), query=query)


def close_options() -> str:
    """Return the button that closes the options."""
    return render("close_options.html")


def earlier() -> str:
    """Return the place of the list of earlier conversations, which the page's script fills."""
    return render("earlier.html")


def save_button() -> str:
    """Return the button that saves the conversation as Markdown."""
    return render("save_button.html")


def answer_card(answer: AnswerForm) -> str:
    """Return the card of an answer or a refusal; it carries the answer's JSON for the scripts."""
    return render(
        "answer.html",
        answer=answer,
        sentences=beyond_short(answer),
        groups=_groups(answer),
        first_is_current=(answer.difference or {}).get("kind") == "changed",
        kept=json.dumps(answer.compact().to_dict(), ensure_ascii=False),
        understood=_understood(answer),
        sources={one.number: _source(one, answer.citations) for one in answer.citations},
        events=event_leads(answer) if answer.timeline else [],
        has_leads=any(sentence.lead for sentence in answer.sentences),
        nearest=_nearest(answer.refusal),
        closest=_closest(answer.refusal),
        closest_label=closest_label(answer.refusal) if answer.refusal else "",
        is_small_talk=is_small_talk(answer.refusal),
        foot=_foot(answer),
        verdicts=_VERDICTS,
    )


def _groups(answer: AnswerForm) -> list[_Group]:
    """Return the sentences beyond the short answer, those of one form together."""
    forms = {
        sentence.lead: _FORMS[part.kind]
        for sentence in answer.sentences
        for part in sentence.parts
        if part.kind in _FORMS
    }
    grouped = groupby(beyond_short(answer), lambda one: forms.get(one.lead, "paragraph"))
    return [_Group(form, list(sentences)) for form, sentences in grouped]


def coverage_line(coverage: Coverage | CoverageForm) -> str:
    """Return ``5 articles, 5 May – 29 Dec 2021``."""
    n, first, last = coverage.articles, coverage.first, coverage.last
    count = "1 article" if n == 1 else f"{n:,} articles"
    if not first or not last:
        return count
    begin = first.strftime("%-d %b" if first.year == last.year else "%-d %b %Y")
    return f"{count}, {begin} – {last.strftime('%-d %b %Y')}"


def panel_url(article_id: str) -> str:
    """Return the address of an article's panel."""
    return f"panel?id={quote(article_id, safe='', errors='replace')}"


def _understood(answer: AnswerForm) -> str:
    """Return the question as it was understood, where that differs from its words."""
    understood = " ".join(answer.standalone_question.split())
    return "" if understood == " ".join(answer.question.split()) else understood


def _source(citation: CitationForm, citations: Sequence[CitationForm]) -> _Source:
    """Return a citation for the card; its panel marks all quotes of the article among them."""
    same = [other for other in citations if other.article_id == citation.article_id]
    marks = "&".join(f"cite={other.start}-{other.end}" for other in same)
    active = f"active={citation.start}-{citation.end}"
    return _Source(
        citation.number,
        f"{panel_url(citation.article_id)}&{marks}&{active}",
        f"{citation.publisher or citation.title}, {date_label(citation.published)}",
        source_line(citation),
        citation.quote,
        tuple(remarks(citation)),
    )


def _closest(refusal: RefusalForm | None) -> _Source | None:
    """Return the sentence closest to an answer, for the card of a refusal."""
    return _source(refusal.closest, [refusal.closest]) if refusal and refusal.closest else None


def _nearest(refusal: RefusalForm | None) -> list[_Nearest]:
    """Return the articles nearest to a declined question, without that of the closest sentence."""
    if refusal is None:
        return []
    closest = refusal.closest.article_id if refusal.closest else None
    return [
        _Nearest(panel_url(one.article_id), one.title or one.article_id, date_label(one.published))
        for one in refusal.nearest
        if one.article_id != closest
    ]


def _foot(answer: AnswerForm) -> str:
    """Return coverage, filters, number of sources and a long time in one line."""
    left_out = answer.coverage.left_out
    seconds = answer.timings_ms.get("total", 0.0) / 1000
    cited = len({citation.article_id for citation in answer.citations})
    parts = (
        f"Searched {coverage_line(answer.coverage)}",
        *_filters(answer.narrowed),
        f"{left_out:,} left out: no exact date" if left_out else "",
        f"{cited} article{'s' * (cited != 1)} cited" if cited else "",
        agreement_line(answer.sources),
        f"{seconds:.1f}\u00a0s" if seconds > _WORTH_SAYING_S else "",
    )
    return " · ".join(filter(None, parts))


def _filters(filters: AppliedFilters) -> list[str]:
    days = {"as of": filters.as_of, "from": filters.since, "until": filters.until}
    lines = [f"{name} {date_label(Published(day))}" for name, day in days.items() if day]
    return lines + ([f"publisher {filters.publisher}"] if filters.publisher else [])
