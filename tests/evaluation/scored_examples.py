"""A right and a declined answer in the JSON form, their scores, and a run of the harness."""

from qa_bot.evaluation.command import main
from qa_bot.evaluation.dataset import Question
from qa_bot.evaluation.figures import figures
from qa_bot.evaluation.scoring import score as score_by
from qa_bot.grounding.judge import Verdict

TEXT = "Rain fell. The ferry sank in the bay on Tuesday. All were saved."


QUESTION = Question(
    id="q1",
    text="Where did the ferry sink?",
    type="where",
    answerable=True,
    groups=(("the bay", "bay"), ("Tuesday",)),
    short=("the bay",),
    grades={"a": 2, "b": 1},
    evidence=(("a", "The ferry sank in the bay on Tuesday."),),
)


NOTHING = Question(id="q2", text="Who is king?", type="off_topic", answerable=False)


DECLINED = {"answered": False, "text": "No.", "sentences": [], "citations": [], "hits": []}


def judge(pairs):
    """Support to the letter: a judge that needs no model."""
    said = [sentence in passage for sentence, passage in pairs]
    return [Verdict(yes, float(yes), 0.0, "supported" if yes else "not_told") for yes in said]


def score(question, answer, texts):
    """Score an answer with that judge."""
    return score_by(question, answer, texts, judge)


def cite(number, start, end, article_id="a"):
    known = {"title": "T", "publisher": None, "published": None}
    place = {"number": number, "article_id": article_id, "start": start, "end": end}
    return known | place | {"quote": TEXT[start:end]}


def form(**changes):
    """An answer in the JSON form: right, sourced and exact."""
    citation = cite(1, 11, 48)
    return {
        "answered": True,
        "short": None,
        "text": f"{TEXT[11:48]} [1]",
        "sentences": [{"text": TEXT[11:48], "citations": [1], "supported": True}],
        "citations": [citation],
        "hits": [{"article_id": "a", "start": 0, "end": 64, "text": TEXT}],
        "confidence": 0.9,
        "timings_ms": {"total": 5.0},
    } | changes


def make_report(forms):
    questions = [Question(**{**_fields(QUESTION), "id": f"q{n}"}) for n in range(40)]
    questions += [Question(**{**_fields(NOTHING), "id": f"n{n}"}) for n in range(40)]
    rows = [score(question, forms(question), {"a": TEXT}) for question in questions]
    return {
        "dataset": "x",
        "digest": "d",
        "n": len(rows),
        "figures": {name: _interval(interval) for name, interval in figures(rows).items()},
        "rows": rows,
    }


def _fields(question):
    return {name: getattr(question, name) for name in Question.__slots__}


def _interval(interval):
    return {"mean": interval.mean, "low": interval.low, "high": interval.high, "n": interval.n}


def mostly_right(question):
    """Right for 9 of 10, of both kinds."""
    wrong = question.id.endswith("0")
    if question.answerable:
        return form(text="It sank.") if wrong else form()
    return form(confidence=0.2) if wrong else DECLINED


def run(folder, tmp_path, *more):
    light = [
        "--set",
        "embedder=hashing-256",
        "--set",
        "answer_threshold=0.05",
        "--set",
        "reader=none",
    ]
    return main([str(folder), "--out", str(tmp_path / "out"), *light, *more])
