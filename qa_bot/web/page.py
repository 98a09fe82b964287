"""The Gradio page: its components, their events, and its one endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gradio as gr

from qa_bot.bot import QABot
from qa_bot.errors import QABotError
from qa_bot.export import to_json
from qa_bot.question import Starter
from qa_bot.web import answer_views, collection_views
from qa_bot.web.article_views import is_invented
from qa_bot.web.conversation import Conversation, describe_filters
from qa_bot.web.filter_form import REMOVABLE, FilterForm
from qa_bot.web.sessions import Sessions
from qa_bot.web.source_views import newest_line, states_of

STATIC = Path(__file__).parent / "static"
_SCRIPTS = ("conversations.js", "panel.js", "actions.js", "messages.js", "options.js", "visits.js")
_SHOWN_STARTERS = 6
_LONGEST_PASTE = 20_000  # characters; the answer says where a question is too long
_LOOKED_AT = 200  # articles read at most to tell invented ones
_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# The first words are then set in it at once, and do not move.
_PRELOADED = (
    '<link rel="preload" as="font" type="font/woff2" crossorigin '
    'href="page-files/fonts/source-serif-4-latin-wght-normal.woff2">'
)


@dataclass(frozen=True, slots=True)
class _Controls:
    """The components of the page that take part in its events."""

    masthead: gr.Markdown
    front: gr.Markdown
    question: gr.Textbox
    chat: gr.Chatbot
    turns: gr.BrowserState
    filters: tuple[gr.components.Component, ...]
    publishers: gr.Button
    in_force: gr.Markdown
    removers: tuple[gr.Button, ...]
    asking: gr.Textbox


def build_page(sessions: Sessions) -> gr.Blocks:
    """Return the page, to be mounted; its one named endpoint is ``/ask``."""
    bot = sessions.shared
    starters = bot.starters()

    def current(request: gr.Request) -> list[str]:
        return _current(sessions.bot(Sessions.id_of(request.cookies)), starters)

    def publishers(chosen: str, request: gr.Request) -> Any:
        choices = _publishers(sessions.bot(Sessions.id_of(request.cookies)))
        return gr.update(choices=choices, value=chosen if chosen in choices else "")

    with gr.Blocks(title="qa-bot", analytics_enabled=False, delete_cache=(600, 3600)) as page:
        controls = _lay_out(bot, starters)
        _connect(page, controls, Conversation(sessions, starters))
        places = [controls.masthead, controls.front]
        page.load(current, None, places, queue=False, **_PRIVATE)
        publisher = controls.filters[REMOVABLE.index("publisher")]
        changes = [page.load, controls.publishers.click]
        gr.on(changes, publishers, publisher, publisher, queue=False, **_PRIVATE)
        gr.api(_endpoint(sessions), api_name="ask", concurrency_limit=4, concurrency_id="ask")
    return page


def page_options(has_one_user: bool) -> dict[str, Any]:
    """Return theme, style sheet and scripts, for mounting the page.

    ``has_one_user`` says whether the page offers to follow questions.
    """
    hidden = "" if has_one_user else ".qb-actions .qb-follow { display: none; }"
    scripts = "".join(f"<script>{_static(name)}</script>" for name in _SCRIPTS)
    return {
        "theme": gr.themes.Base(
            font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
        "head": f"{_PRELOADED}<style>{_static('page.css')}{hidden}</style>{scripts}",
    }


def _lay_out(bot: QABot, starters: Sequence[Starter]) -> _Controls:
    """Put the components on the page, from the top down."""
    # The page's script gives each tab a key of its own.
    turns = gr.BrowserState([], storage_key="qa-bot-turns", secret="of this browser")
    masthead = _html(answer_views.masthead(bot.coverage()), "qb-masthead")
    in_force = _html("", "qb-in-force")
    removers = tuple(
        gr.Button(name, elem_id=f"qb-remove-{name}", elem_classes="qb-hidden") for name in REMOVABLE
    )
    # The page's script presses it when articles were added or removed.
    publishers = gr.Button("Publishers", elem_id="qb-publishers", elem_classes="qb-hidden")
    filters = _options(bot)
    with gr.Column(elem_id="qb-conversation"):
        front = _html(_front(bot, starters), "qb-front")
        chat = _chat()
        question = gr.Textbox(
            elem_id="qb-question",
            placeholder="Ask about the articles",
            label="Question",
            show_label=False,
            max_length=_LONGEST_PASTE,
            submit_btn=True,
            autofocus=True,
        )
    # The question that is being answered, for a card if it is stopped; in the browser, because a
    # gr.State would keep a connection open for every page.
    asking = gr.Textbox("", visible=False)
    return _Controls(
        masthead, front, question, chat, turns, filters, publishers, in_force, removers, asking
    )  # fmt: skip


def _current(bot: QABot, starters: Sequence[Starter]) -> list[str]:
    """Return masthead and front page as of now, with the articles that a person added."""
    return [_line(answer_views.masthead(bot.coverage())), _line(_front(bot, starters))]


def _front(bot: QABot, starters: Sequence[Starter]) -> str:
    """Return what is shown before the first question."""
    coverage = bot.coverage()
    articles = bot.articles() if coverage.in_index <= _LOOKED_AT else []
    return collection_views.front_page(
        coverage,
        bot.entries(),
        starters[:_SHOWN_STARTERS],
        n_invented=sum(map(is_invented, articles)),
        newest=newest_line(states_of(bot), datetime.now(UTC)),
        state=bot.collection.state,
    )


def _options(bot: QABot) -> tuple[gr.components.Component, ...]:
    """Put the options beside the page, and return the filters."""
    with gr.Sidebar(open=False, width=290, elem_id="qb-options"):
        _html(answer_views.close_options(), "qb-close-options")
        filters = _filter_controls(bot)
        gr.Button("New conversation", elem_id="qb-new")  # for the page's script
        _html(answer_views.earlier(), "qb-earlier")
        _html(answer_views.save_button(), "qb-save")
    return filters


def _filter_controls(bot: QABot) -> tuple[gr.components.Component, ...]:
    """Return the controls that filter the next question, in the order of ``FilterForm``."""
    written = bot.models["generator"] is not None
    return (
        _day("As of", "qb-as-of"),
        _day("Published from", "qb-since"),
        _day("Published until", "qb-until"),
        gr.Dropdown(
            _publishers(bot),
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


def _publishers(bot: QABot) -> list[str | tuple[str, str]]:
    """Return the choices of a publisher."""
    names = {entry.publisher for entry in bot.entries() if entry.publisher}
    return [("All publishers", ""), *sorted(names)]


def _html(html: str, name: str) -> gr.Markdown:
    """Return a place for HTML of a template; ``gr.HTML`` would need scripts made from text."""
    return gr.Markdown(_line(html), elem_id=name, sanitize_html=False, latex_delimiters=[])


def _line(html: str) -> str:
    """Return HTML in one line: after an empty one, words from articles would be Markdown."""
    return " ".join(html.split())


def _day(label: str, name: str) -> gr.Textbox:
    """Return a field of a day; the page's script makes it a date field of the browser."""
    return gr.Textbox(label=label, elem_id=name, elem_classes="qb-day", max_lines=1, max_length=10)


def _chat() -> gr.Chatbot:
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
        feedback_options=None,
        height="100%",
    )


def _connect(page: gr.Blocks, controls: _Controls, conversation: Conversation) -> None:
    """Connect the components with the events of the conversation."""
    c = controls
    private = _PRIVATE
    limits: dict[str, Any] = {**private, "concurrency_limit": 4, "concurrency_id": "ask"}
    given = [c.question, c.turns, *c.filters]
    shown = [c.question, c.chat, c.turns, c.asking]
    # By default an event that was stopped counts as running, and no other is begun.
    asked = c.question.submit(conversation.reply, given, shown, trigger_mode="multiple", **limits)
    opened = page.load(conversation.open, c.turns, [c.question, c.chat], **private)
    linked = opened.then(conversation.follow_link, given, shown, **limits)
    # Outside the queue: its stream to the page ends with the event that is cancelled.
    cancelled: dict[str, Any] = {**private, "cancels": [asked, linked], "queue": False}
    c.question.stop(conversation.stop, [c.asking, c.turns], [c.question, c.chat], **cancelled)
    for control in c.filters:
        control.change(describe_filters, list(c.filters), c.in_force, queue=False, **private)
    for button, control in zip(c.removers, c.filters, strict=False):
        button.click(str, None, control, queue=False, **private)


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
