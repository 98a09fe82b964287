"""Routes for the page's own scripts: articles and their list, uploads, feedback, exports."""

from __future__ import annotations

import json
import logging
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from qa_bot.datatypes import Coverage, Span
from qa_bot.errors import QABotError
from qa_bot.export import make_receipt, text_with_footnotes, to_markdown
from qa_bot.following import FollowedQuestions, to_atom
from qa_bot.index import FEEDBACK_NAME
from qa_bot.settings import Settings
from qa_bot.web import article_views, collection_views
from qa_bot.web.answer_views import coverage_line
from qa_bot.web.concurrency import Gate
from qa_bot.web.feedback import feedback_record, keep_feedback
from qa_bot.web.filter_form import FilterForm
from qa_bot.web.following_views import followed_list
from qa_bot.web.loopback import has_one_user
from qa_bot.web.request_bodies import Address, Export, Feedback, Follow
from qa_bot.web.sessions import Sessions, Upload, set_cookie
from qa_bot.web.source_views import source_list, states_of

log = logging.getLogger(__name__)
_SpanText = Annotated[str, Query(pattern=r"^\d{1,9}-\d{1,9}$")]
_KEPT_FEEDBACK_BYTES = 100_000_000
_UPLOAD_NOTES = {
    "session": "Text, Markdown, HTML, PDF, JSON lines or feeds. Only you see them, in this "
    "browser, until the program ends.",
    "shared": "Text, Markdown, HTML, PDF, JSON lines or feeds. Everyone who uses this page will "
    "see them.",
    "off": "",
}


def page_routes(sessions: Sessions) -> APIRouter:
    """Return the routes of the page; they are not a public interface."""
    routes = APIRouter(include_in_schema=False)
    routes.include_router(_article_routes(sessions))
    routes.include_router(_upload_routes(sessions))
    routes.include_router(_answer_routes(sessions))
    routes.include_router(_following_routes(sessions))
    return routes


def _article_routes(sessions: Sessions) -> APIRouter:
    routes = APIRouter()

    @routes.get("/panel", response_class=HTMLResponse)
    def panel(
        request: Request,
        id: str,
        cite: Annotated[list[_SpanText] | None, Query(max_length=50)] = None,
        active: _SpanText | None = None,
    ) -> str:
        bot = sessions.bot(sessions.id_of(request.cookies))
        article = bot.article(id)
        if article is None:
            raise HTTPException(404, "There is no such article in the index any more.")
        cited = [_span(text) for text in cite or []]
        first = _span(active) if active else None
        copies = bot.copies([id]).get(id, ())
        return article_views.article_panel(article, cited, first, copies)

    @routes.get("/articles", response_class=HTMLResponse)
    def articles(
        request: Request,
        form: Annotated[FilterForm, Depends()],
        find: Annotated[str, Query(max_length=200)] = "",
    ) -> str:
        session_id = sessions.id_of(request.cookies)
        bot, own = sessions.bot(session_id), sessions.own_ids(session_id)
        adding = _adding(sessions.shared.settings)
        found = collection_views.article_list(
            bot.entries(), own, find, adding, bot.with_words(find), form
        )
        now = datetime.now(UTC)
        return found + _followed(sessions, now) + source_list(states_of(sessions.shared), now)

    @routes.get("/new-articles", response_class=HTMLResponse)
    def new_articles(after: Annotated[int, Query(ge=0)]) -> str:
        return collection_views.new_articles(sessions.shared.entries(), after)

    return routes


def _adding(settings: Settings) -> collection_views.Adding:
    """Return what a person may add to the list of articles."""
    return collection_views.Adding(_UPLOAD_NOTES[settings.uploads], has_one_user(settings))


def _followed(sessions: Sessions, now: datetime) -> str:
    """Return the list of followed questions, where the page may change it."""
    if not has_one_user(sessions.shared.settings):
        return ""
    followed = FollowedQuestions(Path(sessions.shared.settings.index))
    try:
        return followed_list(followed.all(), followed.changes(), now)
    except (QABotError, OSError):
        log.exception("the followed questions cannot be read")
        return ""


def _following_routes(sessions: Sessions) -> APIRouter:
    routes = APIRouter()
    followed = FollowedQuestions(Path(sessions.shared.settings.index))

    one_by_one = Gate(at_once=1, waiting=8)

    def own_machine() -> None:
        if not has_one_user(sessions.shared.settings):
            raise HTTPException(403, "Others use this page too: follow with qa-bot follow.")

    @routes.get("/following.atom")
    def changes() -> Response:
        return Response(to_atom(followed.changes()), media_type="application/atom+xml")

    @routes.post("/followed", status_code=204, dependencies=[Depends(own_machine)])
    async def follow(body: Follow) -> None:
        await one_by_one.run(partial(followed.follow, body.question, sessions.shared.ask))

    @routes.delete("/followed", status_code=204, dependencies=[Depends(own_machine)])
    def stop(question: Annotated[str, Query(max_length=10_000)]) -> None:
        if not followed.stop(question):
            raise HTTPException(404, "This question is not followed.")

    return routes


def _upload_routes(sessions: Sessions) -> APIRouter:
    routes = APIRouter()
    ingest = Gate(at_once=1, waiting=32)  # files must not starve questions

    async def added(session_id: str, name: str, upload: Upload) -> JSONResponse:
        coverage = await anyio.to_thread.run_sync(sessions.bot(session_id).coverage)
        reply = JSONResponse(_upload_reply(name, upload, coverage))
        set_cookie(reply, session_id)
        return reply

    @routes.post("/articles")
    async def add(request: Request, name: Annotated[str, Query(max_length=300)]) -> JSONResponse:
        checked = sessions.check_name(name)
        session_id = sessions.id_of(request.cookies) or sessions.new_id()
        with tempfile.TemporaryDirectory(prefix="qa-bot-upload-") as folder:
            content = Path(folder) / f"file{Path(checked).suffix}"
            await _save(request, content)
            upload = await ingest.run(partial(sessions.add, session_id, checked, content))
        return await added(session_id, checked, upload)

    @routes.post("/addresses")
    async def add_address(request: Request, body: Address) -> JSONResponse:
        if not has_one_user(sessions.shared.settings):
            raise HTTPException(403, "Others use this page too: add it with qa-bot add ADDRESS.")
        session_id = sessions.id_of(request.cookies) or sessions.new_id()
        upload = await ingest.run(partial(sessions.add_address, session_id, body.address))
        return await added(session_id, body.address.strip(), upload)

    @routes.delete("/articles")
    def remove(request: Request, id: str) -> dict[str, str]:
        session_id = sessions.id_of(request.cookies)
        if not sessions.remove(session_id, id):
            raise HTTPException(404, "This article is not one that you added.")
        return {"coverage": coverage_line(sessions.bot(session_id).coverage())}

    return routes


def _answer_routes(sessions: Sessions) -> APIRouter:
    routes = APIRouter()

    @routes.post("/feedback", status_code=204)
    def feedback(body: Feedback) -> None:
        path = Path(sessions.shared.settings.index) / FEEDBACK_NAME
        if path.exists() and path.stat().st_size > _KEPT_FEEDBACK_BYTES:
            raise HTTPException(413, "The file of feedback is full; nothing was kept.")
        keep_feedback(path, feedback_record(body.answer, body.verdict, body.comment))

    @routes.post("/export")
    def export(body: Export) -> Response:
        if body.form == "receipt":
            receipts = [make_receipt(answer.to_dict()) for answer in body.answers]
            text = json.dumps(receipts[0] if len(receipts) == 1 else receipts, indent=1)
            return Response(text, media_type="application/json")
        return PlainTextResponse(to_markdown(body.answers))

    @routes.post("/footnotes")
    def footnotes(body: Export) -> PlainTextResponse:
        return PlainTextResponse("\n\n".join(map(text_with_footnotes, body.answers)))

    return routes


async def _save(request: Request, path: Path) -> None:
    """Write the body of a request into a file, block by block."""
    async with await anyio.open_file(path, "wb") as file:
        async for block in request.stream():
            await file.write(block)


def _upload_reply(name: str, upload: Upload, coverage: Coverage) -> dict[str, Any]:
    return {
        "name": name,
        "n_articles": len(upload.articles),
        "articles": [{"article_id": a.id, "title": a.title} for a in upload.articles[:100]],
        "remarks": list(upload.remarks),
        "coverage": coverage_line(coverage),
    }


def _span(text: str) -> Span:
    start, end = text.split("-")
    return Span(int(start), int(end))
