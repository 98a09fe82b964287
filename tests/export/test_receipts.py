"""A receipt is checked later with no model: what stands is said so, and every change is found."""

import json
import random

import pytest
from making import make_article

from qa_bot.answer import Answer, Citation, Sentence
from qa_bot.datatypes import Coverage
from qa_bot.export.receipts import Standing, make_receipt, verify_receipt

TEXT = "SALTMERE — Rain fell on Tuesday. The ferry ran late. Nobody was hurt."
QUOTES = ("Rain fell on Tuesday.", "The ferry ran late.")


def make_answer(text=TEXT):
    article = make_article("a", text, published="2021-06-16")
    citations = tuple(
        Citation(n, article, text.index(q), text.index(q) + len(q))
        for n, q in enumerate(QUOTES, start=1)
    )
    sentences = tuple(Sentence(q, (n,)) for n, q in enumerate(QUOTES, start=1))
    models = {"embedder": "e", "reader": "r", "generator": None}
    return Answer("q?", "q?", sentences, citations, (), Coverage(1), models=models).to_dict()


def standings(receipt, *articles):
    found = {article.id: article for article in articles}
    return [str(one.standing) for one in verify_receipt(receipt, found.get)]


ARTICLE = make_article("a", TEXT, published="2021-06-16")


def test_intact_receipt_is_verified():
    receipt = json.loads(json.dumps(make_receipt(make_answer())))
    assert standings(receipt, ARTICLE) == ["intact"] * 3


def test_article_that_changed_or_went_is_said():
    receipt = make_receipt(make_answer())
    changed = make_article("a", TEXT.replace("Tuesday", "Monday"), published="2021-06-16")
    found = verify_receipt(receipt, {"a": changed}.get)
    assert [one.standing for one in found[1:]] == [Standing.CHANGED] * 2
    assert "are not in it any more" in found[1].message
    assert "still stand in it" in found[2].message
    assert standings(receipt) == ["intact", "article gone", "article gone"]


def reseal(receipt):
    """Forge: give a changed receipt a seal that fits."""
    return make_receipt({k: v for k, v in receipt.items() if k not in ("receipt", "made", "seal")})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"quote": "Rain fell on Monday."}, "quote altered"),
        ({"start": 12, "end": 33}, "offsets shifted"),
        ({"start": -5}, "offsets shifted"),
        ({"start": 0, "end": 10**9}, "offsets shifted"),
        ({"quote": ""}, "quote altered"),
    ],
)
def test_forged_citation_with_a_new_seal_is_found(change, expected):
    answer = make_answer()
    answer["citations"][0] |= change
    receipt = make_receipt(answer)
    assert standings(receipt, ARTICLE)[1] == expected


def test_forged_sentence_with_a_new_seal_is_found():
    answer = make_answer()
    answer["sentences"][0]["text"] = "Snow fell on Tuesday."
    assert standings(make_receipt(answer), ARTICLE)[0] == "receipt altered"
    answer = make_answer()
    answer["sentences"][0]["citations"] = [7]
    assert standings(make_receipt(answer), ARTICLE)[0] == "receipt altered"


def places(value, path=()):
    """Yield the path of every leaf."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))
    else:
        yield path


def mutated(receipt, path, rng):
    copy = json.loads(json.dumps(receipt))
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    old = holder[path[-1]]
    if isinstance(old, str) and old:
        at = rng.randrange(len(old))
        holder[path[-1]] = old[:at] + chr(ord(old[at]) ^ 1) + old[at + 1 :]
    else:
        holder[path[-1]] = {True: False, False: True, None: "x"}.get(old, (old or 0) + 1)
    return copy


def test_every_single_change_is_found():
    receipt = make_receipt(make_answer())
    rng = random.Random(7)
    paths = list(places(receipt))
    assert len(paths) > 30
    for path in paths * 5:
        copy = mutated(receipt, path, rng)
        try:
            assert set(standings(copy, ARTICLE)) != {"intact"}, path
        except ValueError as exc:
            assert "receipt" in str(exc)


@pytest.mark.parametrize(
    "receipt",
    [
        {},
        {"receipt": "other"},
        {"receipt": "qa-bot-receipt/1"},
        {"receipt": "qa-bot-receipt/1", "citations": 3},
        {"receipt": "qa-bot-receipt/1", "citations": [{"article_id": "a"}]},
    ],
)
def test_what_is_no_receipt_is_refused(receipt):
    with pytest.raises(ValueError, match="receipt"):
        verify_receipt(receipt, {"a": ARTICLE}.get)


def test_a_resolved_time_is_verified_and_a_wrong_one_found():
    answer = make_answer()
    for day, expected in (("15 June 2021", "intact"), ("14 June 2021", "receipt altered")):
        told = {"text": f"{day} (“on Tuesday”).", "citations": [1], "supported": True}
        receipt = make_receipt(answer | {"sentences": [told, *answer["sentences"]]})
        assert standings(receipt, ARTICLE)[0] == expected


def test_receipt_of_an_older_version_is_verified_in_it_and_a_newer_one_is_told():
    receipt = make_receipt(make_answer())
    newer = make_article("a", TEXT.replace("Tuesday", "Monday"), published="2021-06-16")
    kept = {("a", ARTICLE.version): ARTICLE}
    whole, first, second = verify_receipt(receipt, {"a": newer}.get, lambda *names: kept.get(names))
    assert whole.verified and first.verified and second.verified
    assert first.standing == second.standing == Standing.CHANGED
    assert "A newer version exists; the quoted words are not in it any more." in first.message
    assert "still stand in it" in second.message


def test_a_mutated_receipt_of_an_older_version_is_found():
    receipt = make_receipt(make_answer())
    newer = make_article("a", "Another text.", published="2021-06-16")
    kept = {("a", ARTICLE.version): ARTICLE}
    receipt["citations"][0]["start"] += 1
    found = verify_receipt(reseal(receipt), {"a": newer}.get, lambda *names: kept.get(names))
    assert not found[1].verified and found[1].standing == Standing.QUOTE_ALTERED


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        ("Latest report, Wednesday, 16 June 2021", "intact"),
        ("Earlier report, Wednesday, 16 June 2021", "receipt altered"),
        ("Latest report, Thursday, 17 June 2021", "receipt altered"),
        ("Agnes Lund", "receipt altered"),
        (None, "intact"),
    ],
)
def test_what_stands_before_a_sentence_is_verified(lead, expected):
    answer = make_answer()
    answer["sentences"][0]["lead"] = lead
    answer["difference"] = {"kind": "changed", "first": 1, "second": 2}
    assert standings(make_receipt(answer), ARTICLE)[0] == expected


def test_the_speaker_before_a_quotation_is_verified():
    text = "SALTMERE — “It ran late,” said Agnes Lund. “It was full.”"
    article = make_article("a", text)
    quote = "“It was full.”"
    citation = Citation(1, article, text.index(quote), len(text), "Agnes Lund")
    for lead, expected in (("Agnes Lund", "intact"), ("Per Olsen", "receipt altered")):
        said = (Sentence(quote, (1,), lead=lead),)
        answer = Answer("q?", "q?", said, (citation,), (), Coverage(1)).to_dict()
        assert standings(make_receipt(answer), article)[0] == expected


def test_a_time_from_elsewhere_in_the_article_is_found():
    article = make_article("a", f"{TEXT} It ran again on Friday.", published="2021-06-16")
    answer = make_answer(article.text)
    told = {"text": "11 June 2021 (“on Friday”).", "citations": [1], "supported": True}
    receipt = make_receipt(answer | {"sentences": [told, *answer["sentences"]]})
    assert standings(receipt, article)[0] == "receipt altered"


def test_a_corrected_publisher_or_date_alters_no_receipt():
    answer = make_answer()
    told = {"text": "15 June 2021 (“on Tuesday”).", "citations": [1], "supported": True}
    receipt = make_receipt(answer | {"sentences": [told, *answer["sentences"]]})
    corrected = make_article("a", TEXT, published="2021-06-20", publisher="Another")
    assert standings(receipt, corrected) == ["intact"] * 3
