"""Questions about the article itself: its date, dateline, publisher and headline."""

from __future__ import annotations

import random
from collections.abc import Sequence

from qa_bot.news import header_line
from qa_bot.text import written_day
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
WHERE = (
    "Where was this report filed from?", "where was the story about {title} filed from",
    "From which city was the report on {title} filed?", "Where was {publisher}'s report written?",
    "What place does the dateline of the article about {title} name?",
    "In which city was this article datelined?", "Where did {publisher} report on {title} from?",
)  # fmt: skip
CITIES = (
    "London", "Paris", "Moscow", "Washington", "Geneva", "Beijing", "Tokyo", "Berlin", "Cairo",
    "New Delhi", "Nairobi", "Brussels", "Vienna", "Madrid", "Rome", "Ankara", "Kyiv", "Minsk",
    "Seoul", "Sydney", "Ottawa", "Jakarta", "Mexico City", "Lima", "Lagos", "Oslo", "Warsaw",
    "Johannesburg", "Hong Kong", "United Nations", "Port Moresby", "Buenos Aires", "Tel Aviv",
)  # fmt: skip
DATELINES = (
    "{place}, {month} {day} ({publisher}) - ", "{place} ({publisher}) - ",
    "{place}, {month} {day}. /{publisher}/. ",
    "{place} — ", "{place}, {day} {month} {year} – ", "({publisher}) {place}, {month} {day} — ",
    "{place}: ", "{place}, {month} {day}, {year} /{publisher}/ -- ",
)  # fmt: skip
TITLE = (
    "What is the headline of this article?", "What is the title of the {publisher} report?",
)  # fmt: skip


def header_examples(sources: Sequence[Source], n: int, rng: random.Random) -> list[Example]:
    """Return n questions about headers; a quarter of the headers lack the answer."""
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


def dateline_examples(sources: Sequence[Source], n: int, rng: random.Random) -> list[Example]:
    """Return n questions about datelines added to passages; a third of the passages lack one."""
    titled = [source for source in sources if source.title]
    return [_datelined(rng.choice(titled), number, rng) for number in range(n)]


def _datelined(source: Source, number: int, rng: random.Random) -> Example:
    publisher, published, place = rng.choice(PUBLISHERS), random_day(rng), rng.choice(CITIES)
    shown = place.upper() if rng.random() < 0.75 else place
    lacks, by_agency = rng.random() < 0.33, rng.random() < 0.25
    forms = [form for form in DATELINES if not by_agency or "{publisher}" in form]
    line = rng.choice(forms).format(
        place=shown, publisher=publisher, day=published.day, month=f"{published:%B}",
        year=published.year,
    )  # fmt: skip
    header = header_line(
        source.title if rng.random() < 0.8 else "",
        publisher if not by_agency and rng.random() < 0.7 else None,
        published if rng.random() < 0.5 else None,
    )
    heading = f"{source.title}\n\n" if rng.random() < 0.3 else ""
    text = heading + ("" if lacks else line) + source.text
    form = rng.choice([w for w in WHO if "{publisher}" not in w] if by_agency else WHERE)
    question = form.format(title=source.title, publisher=publisher)
    answer = publisher if by_agency else shown
    start = (len(header) + 1 if header else 0) + len(heading) + line.index(answer)
    span = None if lacks else (start, start + len(answer))
    return Example(question, header, text, span, "header", f"dateline-{number}-{source.id}")
