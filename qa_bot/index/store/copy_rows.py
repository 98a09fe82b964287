"""Rows of shingles, and the groups of articles that are copies of one another.

A group has the lowest key of its articles as its number. The caller compares the articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from qa_bot.index.store.schema import articles, copies, runs

_BLOCK = 500
_CANDIDATES = 30  # articles that share most shingles, for the caller to compare in full
_COMMON = 2  # shingles that a candidate must share
_OFTEN = 300  # a shingle that more articles have is a stock phrase


def put_shingles(connection: Connection, key: int, shingles: Sequence[int]) -> None:
    """Store an article's shingles but for stock phrases, and give it a group of its own.

    The store keeps no shingle for more than ``_OFTEN`` articles, so a look-up stays cheap.
    """
    connection.execute(insert(copies).values(article=key, cluster=key))
    counts: Counter[int] = Counter()
    for start in range(0, len(shingles), _BLOCK):
        block = shingles[start : start + _BLOCK]
        query = select(runs.c.run, func.count()).where(runs.c.run.in_(block)).group_by(runs.c.run)
        counts.update({run: n for run, n in connection.execute(query)})
    rows = [{"article": key, "run": one} for one in shingles if counts[one] <= _OFTEN]
    if rows:
        connection.execute(insert(runs), rows)


def remove_shingles(connection: Connection, key: int) -> int | None:
    """Remove an article's shingles and its place in a group; return the number of the group."""
    query = select(copies.c.cluster).where(copies.c.article == key)
    group = connection.execute(query).scalar_one_or_none()
    connection.execute(delete(runs).where(runs.c.article == key))
    connection.execute(delete(copies).where(copies.c.article == key))
    return group


def find_candidates(connection: Connection, key: int) -> list[tuple[int, str]]:
    """Return (key, text) of the earlier articles that share most shingles with an article."""
    own, others = runs.alias(), runs.alias()
    n_shared = func.count()
    shared = (
        select(others.c.article)
        .join_from(own, others, others.c.run == own.c.run)
        .where(own.c.article == key, others.c.article < key)
        .group_by(others.c.article)
        .having(n_shared >= _COMMON)
        .order_by(n_shared.desc(), others.c.article)
        .limit(_CANDIDATES)
    )
    keys = connection.execute(shared).scalars().all()
    query = select(articles.c.key, articles.c.text).where(articles.c.key.in_(keys))
    return [(row[0], row[1]) for row in connection.execute(query)] if keys else []


def join_groups(connection: Connection, keys: Sequence[int]) -> None:
    """Make one group of the groups that these articles belong to."""
    query = select(copies.c.cluster).where(copies.c.article.in_(keys)).distinct()
    lowest, *others = sorted(connection.execute(query).scalars())
    if others:
        together = copies.c.cluster.in_(others)
        connection.execute(update(copies).where(together).values(cluster=lowest))


def group_members(connection: Connection, group: int) -> list[tuple[int, str]]:
    """Return (key, text) of the articles in a group, by key."""
    query = select(copies.c.article, articles.c.text)
    query = query.join(articles, articles.c.key == copies.c.article)
    rows = connection.execute(query.where(copies.c.cluster == group).order_by(copies.c.article))
    return [(row[0], row[1]) for row in rows]


def set_groups(connection: Connection, groups: Mapping[int, int]) -> None:
    """Store the group of each article, by article key."""
    for key, group in groups.items():
        connection.execute(update(copies).where(copies.c.article == key).values(cluster=group))
