"""Answers made for the tests of the page."""

from datetime import date

from qa_bot.answer import Answer, Citation, Refusal, RefusalReason, Sentence
from qa_bot.datatypes import Coverage, Entry, Published

HOSTILE = "<img src=//evil.example onerror=alert(1)>\"'&</div><script>x</script>![x](//evil)"
ENTRY = Entry(HOSTILE, HOSTILE, HOSTILE, Published(date(2021, 6, 16)), 3)
COVERAGE = Coverage(5, date(2021, 5, 5), date(2021, 12, 29))


def make_answer(article, words="It rained.", known=(None, None, ()), copies=()):
    """A live answer with a supported sentence and one without support."""
    citation = Citation(1, article, 0, 4, *known, copies)
    sentences = (Sentence(words, (1,)), Sentence("No.", (), False))
    timings = {"total": 120.0}
    return Answer("q", "q", sentences, (citation,), (), COVERAGE, timings_ms=timings)


def make_refusal(*nearest, message="The articles don't say.", closest=None):
    """A live refusal with its nearest articles, and the first words of the closest one."""
    sentence = Citation(1, closest, 0, 9) if closest else None
    refusal = Refusal(RefusalReason.NOT_ANSWERED, message, nearest, sentence)
    return Answer("q", "q", (), (), (), COVERAGE, refusal, timings_ms={"total": 120.0})
