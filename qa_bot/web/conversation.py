"""The events of the page: ask, stop, restore. Turns come in, messages go out.

A turn is an answer that the browser keeps. Turns that come back from a browser are parsed, and
those that are no answers are left out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from qa_bot.answer import Answer
from qa_bot.bot import QABot
from qa_bot.datatypes import Turn
from qa_bot.errors import QABotError
from qa_bot.question import Starter
from qa_bot.web import answer_views
from qa_bot.web.answer_form import AnswerForm, read_turns
from qa_bot.web.filter_form import REMOVABLE, FilterForm
from qa_bot.web.sessions import Sessions

Messages = list[dict[str, str]]
Json = list[dict[str, Any]]
_KEPT_TURNS, _SUGGESTED = 40, 2

log = logging.getLogger(__name__)


def describe_filters(*values: str) -> str:
    """Return the filters in force as buttons that take them off.

    Args:
        values: of the filter controls, in the order of ``FilterForm``.
    """
    form = FilterForm(*(value or "" for value in values))
    query = {name: value for name, value in form.options().items() if name in REMOVABLE}
    return answer_views.in_force(form.words(), urlencode(query, errors="replace"))


class Conversation:
    """The page's events, each from the browser's state to the messages and the new state."""

    def __init__(self, sessions: Sessions, starters: Sequence[Starter]) -> None:
        """Answer with the bots of these sessions."""
        self._sessions = sessions
        self._starters = starters

    def reply(
        self, text: str, before: Json, request: gr.Request, *filters: str
    ) -> Iterator[tuple[Any, Messages, Json, str]]:
        """Yield the question box, the messages, the turns and the question until it is answered.

        Gradio passes the values of the filter controls one by one, in the order of ``FilterForm``.
        """
        bot = self._sessions.bot(Sessions.id_of(request.cookies))
        turns = _turns(before)
        asked = [*_messages(turns), _message("user", answer_views.question_bubble(text))]
        shown, kept, box = asked, _json(turns), busy()
        for card, turn in self._cards(bot, text, turns, FilterForm(*filters)):
            shown = [*asked, card]
            kept = _json([*turns, turn][-_KEPT_TURNS:]) if turn else kept
            yield box, shown, kept, text
            box = gr.update()  # what is typed in the meantime stays
        yield idle(), shown, kept, ""

    def stop(self, asking: str, before: Json) -> tuple[Any, Messages]:
        """Return the question box and the messages with a card that says that it was stopped."""
        shown = _messages(_turns(before))
        if asking:
            card = answer_views.unfinished("Stopped. Nothing was kept of the answer.", asking)
            shown += [_message("user", answer_views.question_bubble(asking)), _assistant(card)]
        return idle(), shown

    def open(self, before: Json, request: gr.Request) -> tuple[Any, Any]:
        """Return the question of a link, and the conversation that was open."""
        link = (request.query_params.get("q") or "").strip()
        # A question that was typed and asked in the meantime stays.
        return link or gr.update(), _messages(_turns(before)) or gr.update()

    def follow_link(
        self, text: str, before: Json, request: gr.Request, *filters: str
    ) -> Iterator[tuple[Any, Any, Any, Any]]:
        """Ask the question of a link; without one, nothing changes."""
        if text and request.query_params.get("q"):
            yield from self.reply(text, before, request, *filters)
        else:
            yield gr.update(), gr.update(), gr.update(), gr.update()

    def _cards(
        self, bot: QABot, text: str, before: Sequence[AnswerForm], filters: FilterForm
    ) -> Iterator[tuple[dict[str, str], AnswerForm | None]]:
        """Yield the states of an answer (searching, by sentence, its card) and then its turn."""
        yield _assistant(answer_views.notice("Searching the articles…")), None
        history = [Turn(turn.question, turn.reply) for turn in before]
        so_far = ""
        try:
            for piece in bot.stream(text, history=history, **filters.options()):
                if isinstance(piece, Answer):
                    turn = AnswerForm.of(piece, _suggestions(piece, self._starters))
                    yield _card(turn), turn
                else:
                    so_far += piece
                    yield _assistant(answer_views.partial(so_far)), None
        except (QABotError, ValueError) as exc:
            yield _assistant(answer_views.unfinished(str(exc), text)), None
        except Exception:
            log.exception("a question failed")
            sorry = "Something failed while answering. Your articles are safe; ask again."
            yield _assistant(answer_views.unfinished(sorry, text)), None


def busy() -> Any:
    """Return the question box while an answer is made: empty, with a way to stop."""
    return gr.update(value="", submit_btn=False, stop_btn=True)


def idle() -> Any:
    """Return the question box when it waits for a question."""
    return gr.update(submit_btn=True, stop_btn=False)


def _suggestions(answer: Answer, starters: Sequence[Starter]) -> list[str]:
    """Return questions that can be answered, for a refusal: of the nearest articles first."""
    if not answer.refusal:
        return []
    narrowed = answer.narrowed
    near = {article.id for article in answer.refusal.nearest}
    first = narrowed.get("since") or ""
    last = min(filter(None, (narrowed.get("as_of"), narrowed.get("until"))), default="9")
    named = narrowed.keys() & {"publisher", "articles"}  # of other articles nothing is known here
    allowed = [
        one
        for one in starters
        if first <= (one.published or "9") <= last and (one.article_id in near or not named)
    ]
    allowed.sort(key=lambda one: one.article_id not in near)
    return [one.question for one in allowed[:_SUGGESTED]]


def _turns(kept: object) -> list[AnswerForm]:
    """Return the last turns of a conversation that a browser kept."""
    return read_turns(kept)[-_KEPT_TURNS:]


def _json(turns: Sequence[AnswerForm]) -> Json:
    return [turn.to_dict() for turn in turns]


def _messages(turns: Sequence[AnswerForm]) -> Messages:
    return [
        message
        for turn in turns
        for message in (
            _message("user", answer_views.question_bubble(turn.question)),
            _card(turn),
        )
    ]


def _card(turn: AnswerForm) -> dict[str, str]:
    return _assistant(answer_views.answer_card(turn))


def _assistant(content: str) -> dict[str, str]:
    return _message("assistant", content)


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
