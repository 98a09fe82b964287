"""Questions about the article itself: when, by whom, under which headline it was published."""

from __future__ import annotations

import random
from collections.abc import Sequence

from qa_bot.headers import header_line, written_day
from training.examples import PUBLISHERS, Example, Source, random_day

WHEN = (
    "When was the article about {title} published?", "What is the date of this article?",
    "On what date was the report on {title} published?", "when did this story come out",
    "What is the publication date of the story about {title}?", "When was this reported?",
    "On which day did {publisher} publish its report on {title}?",
)  # fmt: skip
WHO = (
    "Which news agency reported on {title}?", "Who published this article?",
    "Which newspaper carried the story about {title}?", "what is the source of this report",
    "Which agency published the article on {title}?",
    "Where was the report about {title} published?",
)  # fmt: skip
TITLE = (
    "What is the headline of this article?", "What is the title of the {publisher} report?",
)  # fmt: skip


def header_examples(sources: Sequence[Source], n: int, rng: random.Random) -> list[Example]:
    """Return n examples asked of headers; a fourth of them ask for what the header lacks."""
    titled = [source for source in sources if source.title]
    return [_one(rng.choice(titled), number, rng) for number in range(n)]


def _one(source: Source, number: int, rng: random.Random) -> Example:
    publisher, published = rng.choice(PUBLISHERS), random_day(rng)
    kind = rng.choices(("when", "who", "title"), (5, 4, 1))[0]
    lacks = kind != "title" and rng.random() < 0.25
    header = header_line(
        source.title,
        None if lacks and kind == "who" else publisher,
        None if lacks and kind == "when" else published,
    )
    answer = {"when": written_day(published), "who": publisher, "title": source.title}[kind]
    form = rng.choice({"when": WHEN, "who": WHO, "title": TITLE}[kind])
    question = form.format(title=source.title, publisher=publisher)
    start = header.rindex(answer) if not lacks else -1
    span = None if lacks else (start, start + len(answer))
    return Example(question, header, source.text, span, "header", f"header-{number}-{source.id}")
