"""An answer in other forms: plain text, Markdown, JSON lines and receipts."""

from __future__ import annotations

from qa_bot.export.jsonl import to_json
from qa_bot.export.labels import (
    agreement_line,
    beyond_short,
    closest_label,
    date_label,
    date_origin,
    event_leads,
    is_small_talk,
    origin,
    remarks,
    source_line,
)
from qa_bot.export.markdown import text_with_footnotes, to_markdown
from qa_bot.export.plain import as_text, source_lines
from qa_bot.export.protocols import SentenceLike
from qa_bot.export.receipts import make_receipt, read_receipt, write_receipt
from qa_bot.export.signatures import key_fingerprint
from qa_bot.export.verification import Status, verify_receipt

__all__ = [
    "SentenceLike",
    "Status",
    "agreement_line",
    "as_text",
    "beyond_short",
    "closest_label",
    "date_label",
    "date_origin",
    "event_leads",
    "is_small_talk",
    "key_fingerprint",
    "make_receipt",
    "origin",
    "read_receipt",
    "remarks",
    "source_line",
    "source_lines",
    "text_with_footnotes",
    "to_json",
    "to_markdown",
    "verify_receipt",
    "write_receipt",
]
