"""The Gradio page: its components, their events, and its one endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.export import to_json
from qa_bot.question import Starter
from qa_bot.web import answer_views
from qa_bot.web.conversation import Conversation, FilterForm, idle
from qa_bot.web.sessions import Sessions

STATIC = Path(__file__).parent / "static"
_SCRIPTS = ("panel.js", "actions.js", "messages.js")
_SHOWN_STARTERS = 4


@dataclass(frozen=True, slots=True)
class _Controls:
    """The components of the page that take part in its events."""

    question: gr.Textbox
    chat: gr.Chatbot
    turns: gr.BrowserState
    earlier: gr.BrowserState
    resumed: gr.Dropdown
    new: gr.Button
    filters: tuple[gr.components.Component, ...]


def build_page(sessions: Sessions) -> gr.Blocks:
    """Return the page, to be mounted; its one named endpoint is ``/ask``."""
    bot = sessions.shared
    starters = bot.starters()
    with gr.Blocks(title="qa-bot", analytics_enabled=False, delete_cache=(600, 3600)) as page:
        controls = _lay_out(bot, starters)
        _connect(page, controls, Conversation(sessions, starters))
        gr.api(_endpoint(sessions), api_name="ask", concurrency_limit=4, concurrency_id="ask")
    return page


def page_options() -> dict[str, Any]:
    """Return theme, style sheet and scripts, for mounting the page."""
    scripts = "".join(f"<script>{_static(name)}</script>" for name in _SCRIPTS)
    return {
        "theme": gr.themes.Base(
            font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
        "head": f"<style>{_static('page.css')}</style>{scripts}",
    }


def _lay_out(bot: QABot, starters: Sequence[Starter]) -> _Controls:
    """Put the components on the page, from the top down."""
    turns = gr.BrowserState([], storage_key="qa-bot-turns", secret="of this browser")
    earlier = gr.BrowserState([], storage_key="qa-bot-earlier", secret="of this browser")
    head = answer_views.masthead(bot.coverage())
    gr.Markdown(head, elem_id="qb-masthead", sanitize_html=False)
    with gr.Sidebar(open=False, width=290, elem_id="qb-options"):
        filters = _filter_controls(bot)
        new = gr.Button("New conversation", elem_id="qb-new")
        resumed = gr.Dropdown(
            [],
            label="Earlier conversations",
            elem_id="qb-earlier",
            interactive=True,
            allow_custom_value=True,  # the choices are the browser's own: checked by resume
        )
        gr.Markdown(answer_views.save_button(), sanitize_html=False)
    with gr.Column(elem_id="qb-conversation"):
        chat = _chat(starters)
        question = gr.Textbox(
            elem_id="qb-question",
            placeholder="Ask about the articles",
            label="Question",
            show_label=False,
            max_length=bot.settings.max_question_chars,
            submit_btn=True,
            autofocus=True,
        )
    return _Controls(question, chat, turns, earlier, resumed, new, filters)


def _filter_controls(bot: QABot) -> tuple[gr.components.Component, ...]:
    """Return the controls that filter the next question, in the order of ``FilterForm``."""
    publishers = sorted({entry.publisher for entry in bot.entries() if entry.publisher})
    written = bot.models["generator"] is not None
    return (
        gr.Textbox(label="As of", placeholder="2021-06-16", elem_id="qb-as-of", max_length=10),
        gr.Textbox(label="Published from", placeholder="2021-01-01", max_length=10),
        gr.Textbox(label="Published until", placeholder="2021-12-31", max_length=10),
        gr.Dropdown(
            [("All publishers", ""), *publishers],
            value="",
            label="Publisher",
            elem_id="qb-publisher",
            interactive=True,
        ),
        gr.Radio(
            [
                ("Written, unsupported sentences withheld", ""),
                ("Written, unsupported sentences marked", "marked"),
                ("The articles’ own sentences", "quotes"),
            ],
            value="",
            label="Answers",
            elem_id="qb-mode",
            visible=written,
        ),
    )


def _chat(starters: Sequence[Starter]) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="qb-chat",
        show_label=False,
        render_markdown=False,
        sanitize_html=False,  # the templates escape every value: decision 0026, own-page-routes
        allow_tags=False,
        buttons=[],
        latex_delimiters=[],
        autoscroll=False,  # the page's script shows each new question from its first line
        allow_file_downloads=False,
        placeholder="Ask, and check every sentence against the article it is from.",
        examples=[{"text": one.question} for one in starters[:_SHOWN_STARTERS]] or None,
        feedback_options=None,
        height="100%",
    )


def _connect(page: gr.Blocks, controls: _Controls, conversation: Conversation) -> None:
    """Connect the components with the events of the conversation."""
    c = controls
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    limits: dict[str, Any] = {**private, "concurrency_limit": 4, "concurrency_id": "ask"}
    given, shown = [c.question, c.turns, *c.filters], [c.question, c.chat, c.turns]
    past = [c.chat, c.turns, c.earlier, c.resumed]
    asked = c.question.submit(conversation.reply, given, shown, **limits)
    picked = c.chat.example_select(_example, None, c.question, **private)
    started = picked.then(conversation.reply, given, shown, **limits)
    restored = [c.question, c.chat, c.resumed]
    opened = page.load(conversation.open, [c.turns, c.earlier], restored, **private)
    linked = opened.then(conversation.follow_link, given, shown, **limits)
    c.question.stop(idle, None, c.question, cancels=[asked, started, linked], **private)
    c.new.click(conversation.renew, [c.turns, c.earlier], past, **private)
    c.resumed.input(conversation.resume, [c.resumed, c.turns, c.earlier], past, **private)


def _example(chosen: gr.SelectData) -> str:
    return str(chosen.value["text"])


def _endpoint(sessions: Sessions) -> Any:
    """Return the function behind ``/ask`` of Gradio's own interface."""

    def ask(
        question: str, as_of: str = "", since: str = "", until: str = "", publisher: str = ""
    ) -> str:
        """Answer a question; the JSON of ``QABot.ask`` as text. Empty filters are none."""
        # As text: Gradio's client takes every object with a "path" for a file to be fetched.
        filters = FilterForm(as_of, since, until, publisher)
        try:
            return to_json(sessions.shared.ask(question, **filters.options()).to_dict())
        except (QABotError, ValueError) as exc:
            raise gr.Error(str(exc), print_exception=False) from exc

    return ask


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
