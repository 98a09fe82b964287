"""What the page does with a conversation: ask, restore, begin anew. Turns in, messages out.

A turn is an answer in its JSON form, kept in the browser; what a browser hands back is checked by
rendering it, and left out where it is not of ours.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import gradio as gr

from qa_bot.answer import Answer
from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.question import Starter
from qa_bot.web import answer_views
from qa_bot.web.sessions import Sessions

Messages = list[dict[str, str]]
Turns = list[dict[str, Any]]
_KEPT_TURNS, _KEPT_CONVERSATIONS, _SUGGESTED = 40, 20, 2
_NOT_OURS = (KeyError, TypeError, ValueError, AttributeError, IndexError)

log = logging.getLogger(__name__)


class Conversation:
    """The page's events, each from what the browser holds to what it shows and keeps."""

    def __init__(self, sessions: Sessions, starters: Sequence[Starter]) -> None:
        """Answer with the bots of these sessions."""
        self._sessions = sessions
        self._starters = starters

    def reply(  # noqa: PLR0913, PLR0917 — Gradio hands over one value for each component
        self,
        text: str,
        before: Turns,
        as_of: str,
        since: str,
        until: str,
        publisher: str,
        mode: str,
        request: gr.Request,
    ) -> Iterator[tuple[Any, Messages, Turns]]:
        """Yield the question box, the messages and the turns while a question is answered."""
        bot = self._sessions.bot(Sessions.id_of(request.cookies))
        kept = before = _ours(before)
        now = [*_messages(before), _message("user", answer_views.question_bubble(text))]
        filters = {"as_of": as_of, "since": since, "until": until, "publisher": publisher}
        filters["mode"] = mode
        shown = now
        for card, turn in self._cards(bot, text, before, filters):
            kept = [*before, turn][-_KEPT_TURNS:] if turn else before
            shown = [*now, card]
            yield busy(), shown, kept
        yield idle(), shown, kept

    def open(self, before: Turns, past: list[Turns], request: gr.Request) -> tuple[Any, Any, Any]:
        """Return the question of a link, the conversation that was open, and the earlier ones."""
        link = (request.query_params.get("q") or "").strip()
        # What was typed and asked in the meantime stays.
        shown = _messages(_ours(before)) or gr.update()
        return link or gr.update(), shown, gr.update(choices=_choices(past))

    def follow_link(  # noqa: PLR0913, PLR0917 — Gradio hands over one value for each component
        self,
        text: str,
        before: Turns,
        as_of: str,
        since: str,
        until: str,
        publisher: str,
        mode: str,
        request: gr.Request,
    ) -> Iterator[tuple[Any, Any, Any]]:
        """Ask the question of a link; without one, nothing changes."""
        if text and request.query_params.get("q"):
            yield from self.reply(text, before, as_of, since, until, publisher, mode, request)
        else:
            yield gr.update(), gr.update(), gr.update()

    def renew(self, before: Turns, past: list[Turns]) -> tuple[Any, ...]:
        """Put the conversation away and begin a new one."""
        kept = [_ours(before), *past][:_KEPT_CONVERSATIONS] if _ours(before) else past
        return [], [], kept, gr.update(choices=_choices(kept), value=None)

    def resume(self, number: Any, before: Turns, past: list[Turns]) -> tuple[Any, ...]:
        """Put the conversation away and go on with an earlier one."""
        if not isinstance(number, int) or not 0 <= number < len(past):
            return _messages(_ours(before)), before, past, gr.update()
        rest = [one for at, one in enumerate(past) if at != number]
        kept = [_ours(before), *rest] if _ours(before) else rest
        chosen = _ours(past[number])
        return _messages(chosen), chosen, kept, gr.update(choices=_choices(kept), value=None)

    def _cards(
        self, bot: QABot, text: str, before: Turns, filters: Mapping[str, str]
    ) -> Iterator[tuple[dict[str, str], dict[str, Any] | None]]:
        """Yield the states of an answer (searching, by sentence, its card) and then its turn."""
        yield _message("assistant", answer_views.notice("Searching the articles…")), None
        history = [{"question": t["question"], "answer": _told(t)} for t in before]
        given: Any = {name: value.strip() for name, value in filters.items() if value}
        so_far = ""
        try:
            for piece in bot.stream(text, history=history, **given):
                if isinstance(piece, Answer):
                    turn = answer_views.compact(piece.to_dict())
                    turn["suggestions"] = _instead(piece, self._starters)
                    yield _card(turn), turn
                else:
                    so_far += piece
                    yield _message("assistant", answer_views.partial(so_far)), None
        except (QABotError, ValueError) as exc:
            yield _message("assistant", answer_views.notice(str(exc))), None
        except Exception:
            log.exception("a question failed")
            sorry = "Something failed while answering. Your articles are safe; ask again."
            yield _message("assistant", answer_views.notice(sorry)), None


def busy() -> Any:
    """Return the question box while an answer is made: empty, with a way to stop."""
    return gr.update(value="", submit_btn=False, stop_btn=True)


def idle() -> Any:
    """Return the question box when it waits for a question."""
    return gr.update(value="", submit_btn=True, stop_btn=False)


def _instead(answer: Answer, starters: Sequence[Starter]) -> list[str]:
    """Return questions that can be answered, for a refusal: of the nearest articles first."""
    if not answer.refusal:
        return []
    days = (answer.narrowed.get("as_of"), answer.narrowed.get("until"))
    last = min(filter(None, days), default="9")
    near = {article.id for article in answer.refusal.nearest}
    allowed = [one for one in starters if (one.published or "9") <= last]
    allowed.sort(key=lambda one: one.article_id not in near)
    return [one.question for one in allowed[:_SUGGESTED]]


def _told(turn: dict[str, Any]) -> str:
    """Return what a turn answered: the short answer alone where there is one."""
    return str(turn["short"] if turn["answered"] and turn.get("short") else turn["text"])


def _ours(turns: Any) -> Turns:
    """Return the turns that a browser kept, without any that were not made by us."""
    kept = []
    for turn in turns if isinstance(turns, list) else []:
        try:
            _card(turn)
            kept.append({**turn, "question": str(turn["question"]), "text": str(turn["text"])})
        except _NOT_OURS:
            continue
    return kept[-_KEPT_TURNS:]


def _messages(turns: Turns) -> Messages:
    return [
        message
        for turn in turns
        for message in (
            _message("user", answer_views.question_bubble(turn["question"])),
            _card(turn),
        )
    ]


def _card(turn: dict[str, Any]) -> dict[str, str]:
    return _message("assistant", answer_views.answer_card(turn, turn.get("suggestions") or ()))


def _choices(conversations: Any) -> list[tuple[str, int]]:
    """Return the earlier conversations by their first questions."""
    kept = conversations if isinstance(conversations, list) else []
    first = [(_ours(turns), number) for number, turns in enumerate(kept)]
    return [(turns[0]["question"][:60], number) for turns, number in first if turns]


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
