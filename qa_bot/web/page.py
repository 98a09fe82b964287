"""The Gradio page: questions in, cards out. It knows the bot and how cards are rendered."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from qa_bot.bot import QABot
from qa_bot.datatypes import Answer
from qa_bot.errors import QABotError
from qa_bot.web import render

STATIC = Path(__file__).parent / "static"
Messages = list[dict[str, str]]
_KEPT_MESSAGES = 200

log = logging.getLogger(__name__)


def build_page(bot: QABot) -> gr.Blocks:
    """Return the page, to be mounted; its one named endpoint is ``/ask``."""
    with gr.Blocks(title="qa-bot", analytics_enabled=False, delete_cache=(600, 3600)) as page:
        gr.Markdown(_masthead(bot), elem_id="qb-masthead")
        messages = gr.State([])
        with gr.Column(elem_id="qb-conversation"):
            chat = gr.Chatbot(
                elem_id="qb-chat",
                show_label=False,
                render_markdown=False,
                sanitize_html=False,  # every string is escaped in render; see DECISIONS
                allow_tags=False,
                buttons=[],
                latex_delimiters=[],
                allow_file_downloads=False,
                placeholder="Ask, and check every sentence against the article it is from.",
                feedback_options=None,
                height="100%",
            )
            question = gr.Textbox(
                elem_id="qb-question",
                placeholder="Ask about the articles",
                label="Question",
                show_label=False,
                max_length=bot.settings.max_question_chars,
                submit_btn=True,
                autofocus=True,
            )

        def ask(text: str, earlier: Messages) -> Iterator[tuple[str, Messages, Messages]]:
            for card in _cards(bot, text):
                now = [*earlier, _message("user", render.question_bubble(text)), card]
                yield "", now, now[-_KEPT_MESSAGES:]

        question.submit(
            ask,
            [question, messages],
            [question, chat, messages],
            api_name="ask",
            show_progress="hidden",
            concurrency_limit=4,
        )
    return page


def _cards(bot: QABot, text: str) -> Iterator[dict[str, str]]:
    """Yield the state of one answer: searching, sentence by sentence, then its card."""
    yield _message("assistant", render.notice("Searching the articles…"))
    so_far = ""
    try:
        for piece in bot.stream(text):
            if isinstance(piece, Answer):
                yield _message("assistant", render.answer_card(piece))
            else:
                so_far += piece
                yield _message("assistant", render.partial(so_far))
    except (QABotError, ValueError) as exc:
        yield _message("assistant", render.notice(str(exc)))
    except Exception:
        log.exception("a question failed")
        sorry = "Something failed while answering. Your articles are safe; ask again."
        yield _message("assistant", render.notice(sorry))


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _masthead(bot: QABot) -> str:
    return f"# qa-bot\n\nAsk about {render.coverage_line(bot.coverage())}"


def page_options() -> dict[str, Any]:
    """Return the look of the page, for mounting: theme, style sheet and script."""
    return {
        "theme": gr.themes.Base(
            font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
        "head": f"<style>{_static('page.css')}</style><script>{_static('page.js')}</script>",
    }


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
