"""The bundled judge of support."""

import json

import numpy as np
import pytest
from making import make_article

from qa_bot.cli.main import main
from qa_bot.datatypes import Hit, Passage
from qa_bot.grounding.check import check_sentence
from qa_bot.grounding.judge import has_whole, load_grounding
from qa_bot.models import prefer_large

PASSAGE = (
    "The council of Saltmere approved a new bridge over the River Welk on Tuesday, February 9. "
    "The replacement will cost €14.2 million and carry two lanes of traffic. "
    "Mayor Leopold Harn voted in favour; Sunniva Bråtvik abstained."
)


def judge(sentence, passage=PASSAGE):
    return load_grounding().judge([(sentence, passage)])[0]


@pytest.mark.parametrize(
    "sentence",
    [
        "The council of Saltmere approved a new bridge over the River Welk on February 9.",
        "On February 9 the council of Saltmere approved a new bridge.",
        "Mayor Leopold Harn voted in favour.",
        "Sunniva Bråtvik abstained.",
    ],
)
def test_statement_of_the_passage_is_supported(sentence):
    verdict = judge(sentence)
    assert verdict.supported and verdict.reason == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "The council of Wexmoor built a railway tunnel under the harbour.",
        "The council of Saltmere rejected a new bridge over the River Welk.",
        "The new bridge will not cost €14.2 million.",
    ],
)
def test_other_statement_is_not_supported(sentence):
    assert not judge(sentence).supported


@pytest.mark.xfail(reason="known weakness: the model card says so")
@pytest.mark.parametrize(
    "sentence",
    [
        "The new bridge will cost 14.2 million euros.",
        "The replacement will carry two lanes of traffic.",
    ],
)
def test_paraphrase_is_supported(sentence):
    assert judge(sentence).supported


_VOTES = pytest.mark.xfail(reason="known weakness: a vote in other words; the model card says so")


@pytest.fixture(scope="module")
def large():
    if not prefer_large():
        pytest.skip("the large model's packages are not installed")
    return load_grounding("large")


@pytest.mark.slow
@pytest.mark.parametrize(
    "sentence",
    [
        "The new bridge will cost 14.2 million euros.",
        "Saltmere is to get another bridge across the Welk.",
        pytest.param("The mayor, Leopold Harn, voted for the bridge.", marks=_VOTES),
        pytest.param("Harn was for the bridge.", marks=_VOTES),
        "Bråtvik neither backed nor opposed it.",
        "The council of Saltmere approved a new bridge over the River Welk on Tuesday, February 9.",
    ],
)
def test_large_judge_accepts_other_words(large, sentence):
    assert large.judge([(sentence, PASSAGE)])[0].supported


@pytest.mark.slow
def test_large_judge_reads_questions_of_yes_or_no(large):
    pairs = [
        ("Was a lock broken at the museum?", "No lock of the museum had been forced."),
        ("Was the council's vote unanimous?", "The council’s vote for the bridge was unanimous."),
        ("Is the bridge longer than the old one?", "The council’s vote was unanimous."),
    ]
    relations = large.relations(pairs)
    assert relations.shape == (3, 3) and np.allclose(relations.sum(axis=1), 1, atol=1e-5)
    assert relations.argmax(axis=1).tolist() == [1, 0, 2]
    assert large.relations([]).shape == (0, 3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "sentence",
    [
        "Harn voted against the bridge.",
        "The council turned the bridge down.",
        "Bråtvik voted in favour and Harn abstained.",
        "The replacement will carry four lanes of traffic.",
        "The harbour is closed to large ships.",
    ],
)
def test_large_judge_refuses_what_the_passage_does_not_say(large, sentence):
    assert not large.judge([(sentence, PASSAGE)])[0].supported


def test_other_number_is_named():
    verdict = judge("The new bridge will cost €15.2 million.")
    assert not verdict.supported
    assert verdict.reason == "fact_missing" and verdict.missing == ("15.2 million",)


def test_support_at_the_end_of_a_long_passage_is_found():
    passage = "Rain fell on the town all day and the sea was grey. " * 60 + PASSAGE
    assert judge("Mayor Leopold Harn voted in favour.", passage).supported


def test_sentence_is_checked_against_the_articles(bot):
    checked = bot.check("The adult return ticket to Hesk Island stays at €7.20.")
    assert checked.verdict.supported
    citation = checked.citation
    assert citation.quote == citation.article.text[citation.start : citation.end]
    assert "7.20" in citation.quote
    assert not bot.check("The adult return ticket to Hesk Island costs €9.90.").verdict.supported


def test_check_in_an_empty_index_supports_nothing(tmp_path):
    from qa_bot import QABot

    checked = QABot.create(tmp_path / "none").check("It rained.")
    assert not checked.verdict.supported and checked.citation is None


def test_batch_of_pairs_needs_no_index(tmp_path, capsys):
    path = tmp_path / "pairs.jsonl"
    pairs = [
        {"id": 1, "sentence": "Sunniva Bråtvik abstained.", "passage": PASSAGE},
        {"id": 2, "sentence": "It will carry 7 lanes.", "passage": PASSAGE},
        {"id": 3, "sentence": "", "passage": PASSAGE},
    ]
    path.write_text("\n".join(json.dumps(pair) for pair in pairs))
    assert main(["check", "--batch", str(path), "--index", str(tmp_path / "none")]) == 1
    out = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one.get("supported") for one in out] == [True, False, None]
    assert set(out[0]) == {"id", "supported", "probability", "reason", "missing"}
    assert 0 <= out[1]["probability"] <= 1 and out[1]["missing"] == ["7"]
    assert "error" in out[2]
    assert not (tmp_path / "none").exists()


def test_supporting_words_are_cited_from_any_passage_of_the_article():
    # Each passage has the headline in its header, which supports the sentence by itself.
    first = "The Old Span closed to all traffic at six on Monday, the council said."
    second = "A free foot ferry runs every 20 minutes. We asked who pays for it."
    text = f"{first}\n\n{second}"
    article = make_article("span", text, title="Old Span shuts to traffic", published="2021-04-12")
    start = text.index(second)
    passages = (Passage(article, start, len(text)), Passage(article, 0, len(first)))
    hits = [Hit(passage, rank, 0.9, "fused") for rank, passage in enumerate(passages, start=1)]
    checked = check_sentence(load_grounding(), "The Old Span was shut to traffic.", hits)
    assert checked.verdict.supported and checked.citation.quote == first


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("Mayor Leopold Harn voted in favour; Sunniva Bråtvik abstained.", True),
        (PASSAGE, True),
        ("Sunniva Bråtvik abstained.", False),
        ("the replacement will cost €14.2 million and carry two lanes of traffic.", False),
        ("", False),
    ],
)
def test_only_whole_sentences_word_for_word_need_no_model(sentence, whole):
    assert has_whole(sentence, f"Bridge approved | Courier\n{PASSAGE}") is whole
