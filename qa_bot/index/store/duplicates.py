"""Articles as they are put and taken → which of them are copies of one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select, update

from qa_bot.index.store.schema import articles
from qa_bot.index.store.schema import copies as copies_table
from qa_bot.index.store.schema import runs as runs_table
from qa_bot.news import is_copy, kept_runs, runs

_BLOCK = 500
_CANDIDATES = 30  # articles with most runs in common, looked at in full
_COMMON = 2  # runs that a candidate must share
_OFTEN = 300  # a run that more articles have is a phrase of the trade


def put_copy(connection: Connection, key: int, text: str) -> None:
    """Remember an article's runs, and put it under the same number as what it copies."""
    own = runs(text)
    kept, shared = _known(connection, kept_runs(own))
    found = _copies_of(connection, own, shared)
    clusters = {cluster for _, cluster in found}
    cluster = min([key, *clusters])
    others = clusters - {cluster}
    if others:
        same = copies_table.c.cluster.in_(others)
        connection.execute(update(copies_table).where(same).values(cluster=cluster))
    connection.execute(insert(copies_table).values(article=key, cluster=cluster))
    if kept:
        rows = [{"article": key, "run": run} for run in kept]
        connection.execute(insert(runs_table), rows)


def take_copy(connection: Connection, key: int) -> None:
    """Forget an article; those that only it held together go apart."""
    query = select(copies_table.c.cluster).where(copies_table.c.article == key)
    cluster = connection.execute(query).scalar_one_or_none()
    connection.execute(delete(runs_table).where(runs_table.c.article == key))
    connection.execute(delete(copies_table).where(copies_table.c.article == key))
    left = select(copies_table.c.article, articles.c.text)
    left = left.join(articles, articles.c.key == copies_table.c.article)
    left = left.where(copies_table.c.cluster == cluster).order_by(copies_table.c.article)
    rows = connection.execute(left).all()
    if cluster == key or len(rows) > 1:
        members = {article: runs(text) for article, text in rows}
        for article, number in _together(members).items():
            here = copies_table.c.article == article
            connection.execute(update(copies_table).where(here).values(cluster=number))


def _known(connection: Connection, all_kept: list[int]) -> tuple[list[int], Counter[int]]:
    """Return the runs that are no phrases of the trade, and how many each article shares.

    A run that so many have is kept of no more of them: looking one up stays cheap.
    """
    by_run: dict[int, list[int]] = {}
    for start in range(0, len(all_kept), _BLOCK):
        block = all_kept[start : start + _BLOCK]
        query = select(runs_table.c.run, runs_table.c.article).where(runs_table.c.run.in_(block))
        for run, article in connection.execute(query):
            by_run.setdefault(run, []).append(article)
    kept = [run for run in all_kept if len(by_run.get(run, ())) <= _OFTEN]
    return kept, Counter(article for run in kept for article in by_run.get(run, ()))


def _copies_of(
    connection: Connection, own: frozenset[int], shared: Counter[int]
) -> list[tuple[int, int]]:
    """Return (key, cluster) of the articles that these runs are a copy of, or that copy them."""
    best = sorted((-count, key) for key, count in shared.items() if count >= _COMMON)
    keys = [key for _, key in best[:_CANDIDATES]]
    if not keys:
        return []
    query = select(articles.c.key, articles.c.text, copies_table.c.cluster)
    query = query.join(copies_table, copies_table.c.article == articles.c.key)
    rows = connection.execute(query.where(articles.c.key.in_(keys)))
    return [(key, cluster) for key, text, cluster in rows if is_copy(own, runs(text))]


def _together(members: dict[int, frozenset[int]]) -> dict[int, int]:
    """Return the lowest key of its group for each article; groups are joined by copies."""
    group = {key: key for key in members}
    for one, other in _pairs(members):
        if group[one] != group[other] and is_copy(members[one], members[other]):
            low, high = sorted((group[one], group[other]))
            group = {key: low if number == high else number for key, number in group.items()}
    return group


def _pairs(keys: Iterable[int]) -> Iterable[tuple[int, int]]:
    ordered = sorted(keys)
    return ((one, other) for i, one in enumerate(ordered) for other in ordered[i + 1 :])
