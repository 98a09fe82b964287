"""Copy the content of a store into another one, of either backend, under the same keys."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, insert, select, text

from qa_bot.datatypes import Passage
from qa_bot.index.store.article_rows import article_from
from qa_bot.index.store.full_text import FullText
from qa_bot.index.store.schema import articles, manifest_table, metadata, passages
from qa_bot.index.store.snapshot import Snapshot

_BLOCK = 1_000


def move_rows(snapshot: Snapshot, target: Connection, full_text: FullText) -> None:
    """Write the content of a snapshot into an empty store, in its transaction; embed nothing.

    It holds one block of rows in memory.
    """
    for table in metadata.sorted_tables:
        if table is not manifest_table:
            _move(snapshot.connection, target, table)
    for key, passage in _passages(snapshot.connection):
        full_text.put(target, key, passage)
    full_text.finish(target)
    snapshot.manifest.save(target)


def _move(source: Connection, target: Connection, table: Table) -> None:
    rows = source.execute(select(table).execution_options(yield_per=_BLOCK)).mappings()
    for block in rows.partitions():
        target.execute(insert(table), [dict(row) for row in block])
    if target.dialect.name == "postgresql" and "key" in table.c and table is not manifest_table:
        # Later rows must not reuse a key.
        highest = f"(SELECT coalesce(max(key), 0) FROM {table.name})"
        sequence = f"pg_get_serial_sequence('{table.name}', 'key')"
        target.execute(text(f"SELECT setval({sequence}, greatest(1, {highest}))"))


def _passages(source: Connection) -> Iterator[tuple[int, Passage]]:
    """Yield the passages with their keys; read each article once."""
    query = (
        select(passages.c.key.label("passage"), passages.c.start, passages.c.end, articles)
        .join(articles, passages.c.article == articles.c.key)
        .order_by(passages.c.key)
        .execution_options(yield_per=_BLOCK)
    )
    last, article = None, None
    for row in source.execute(query).mappings():
        if article is None or row["key"] != last:
            last, article = row["key"], article_from(row)
        yield row["passage"], Passage(article, row["start"], row["end"])
