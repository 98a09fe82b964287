"""The Gradio page: questions in, cards out. It knows the bot and how cards are rendered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.export import to_json
from qa_bot.question import Starter
from qa_bot.web import answer_views
from qa_bot.web.conversation import Conversation, idle
from qa_bot.web.sessions import Sessions

STATIC = Path(__file__).parent / "static"
_SCRIPTS = ("panel.js", "actions.js", "messages.js")
_SHOWN_STARTERS = 4


def build_page(sessions: Sessions) -> gr.Blocks:
    """Return the page, to be mounted; its one named endpoint is ``/ask``."""
    bot = sessions.shared
    starters = bot.starters()
    with gr.Blocks(title="qa-bot", analytics_enabled=False, delete_cache=(600, 3600)) as page:
        turns = gr.BrowserState([], storage_key="qa-bot-turns", secret="of this browser")
        earlier = gr.BrowserState([], storage_key="qa-bot-earlier", secret="of this browser")
        gr.Markdown(_masthead(bot), elem_id="qb-masthead", sanitize_html=False)
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
            gr.Markdown(
                '<button type="button" class="qb-open" data-do="export-all">'
                "Save this conversation as Markdown</button>",
                sanitize_html=False,
            )
        with gr.Column(elem_id="qb-conversation"):
            chat = _chat(bot, starters)
            question = gr.Textbox(
                elem_id="qb-question",
                placeholder="Ask about the articles",
                label="Question",
                show_label=False,
                max_length=bot.settings.max_question_chars,
                submit_btn=True,
                autofocus=True,
            )
        parts = (question, chat, turns, earlier, resumed, new)
        _wire(page, Conversation(sessions, starters), parts, filters)
        gr.api(_endpoint(sessions), api_name="ask", concurrency_limit=4, concurrency_id="ask")
    return page


def page_options() -> dict[str, Any]:
    """Return the look of the page, for mounting: theme, style sheet and scripts."""
    scripts = "".join(f"<script>{_static(name)}</script>" for name in _SCRIPTS)
    return {
        "theme": gr.themes.Base(
            font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
        "head": f"<style>{_static('page.css')}</style>{scripts}",
    }


def _filter_controls(bot: QABot) -> list[gr.components.Component]:
    """Return the controls of what the next question may draw on."""
    publishers = sorted({entry.publisher for entry in bot.entries() if entry.publisher})
    written = bot.models["generator"] is not None
    return [
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
    ]


def _chat(bot: QABot, starters: Sequence[Starter]) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="qb-chat",
        show_label=False,
        render_markdown=False,
        sanitize_html=False,  # every string is escaped: decision 0026, own-page-routes
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


def _wire(
    page: gr.Blocks,
    conversation: Conversation,
    parts: tuple[Any, ...],
    filters: Sequence[gr.components.Component],
) -> None:
    """Connect the components with what happens."""
    question, chat, turns, earlier, resumed, new = parts
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    limits: dict[str, Any] = {**private, "concurrency_limit": 4, "concurrency_id": "ask"}
    given, shown = [question, turns, *filters], [question, chat, turns]
    past = [chat, turns, earlier, resumed]
    asked = question.submit(conversation.reply, given, shown, **limits)
    picked = chat.example_select(_picked, None, question, **private)
    started = picked.then(conversation.reply, given, shown, **limits)
    opened = page.load(conversation.open, [turns, earlier], [question, chat, resumed], **private)
    linked = opened.then(conversation.follow_link, given, shown, **limits)
    question.stop(idle, None, question, cancels=[asked, started, linked], **private)
    new.click(conversation.renew, [turns, earlier], past, **private)
    resumed.input(conversation.resume, [resumed, turns, earlier], past, **private)


def _picked(chosen: gr.SelectData) -> str:
    return str(chosen.value["text"])


def _endpoint(sessions: Sessions) -> Any:
    """Return what ``/ask`` of Gradio's own interface calls."""

    def ask(
        question: str, as_of: str = "", since: str = "", until: str = "", publisher: str = ""
    ) -> str:
        """Answer a question; the JSON of ``QABot.ask`` as text. Empty filters are none."""
        # As text: Gradio's client takes every object with a "path" for a file to be fetched.
        filters = {"as_of": as_of, "since": since, "until": until, "publisher": publisher}
        try:
            given: Any = {name: value for name, value in filters.items() if value}
            return to_json(sessions.shared.ask(question, **given).to_dict())
        except (QABotError, ValueError) as exc:
            raise gr.Error(str(exc), print_exception=False) from exc

    return ask


def _masthead(bot: QABot) -> str:
    return (
        '<h1>qa-bot</h1><p>Ask about <button type="button" class="qb-open" id="qb-coverage" '
        f'data-shelf="articles">{answer_views.coverage_line(bot.coverage())}</button></p>'
    )


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
