"""The check of a sentence follows notices of correction."""

import json

import pytest

from qa_bot import QABot, Settings

REPORT = "The mill at Orrin will cost €9 million and employ 40 people."
NOTICE = (
    "The mill opens in May.\n\nCorrection: A report on March 2 said that the mill at Orrin would "
    "cost €9 million. That was wrong. The sum is €7 million."
)


def build(folder, *articles):
    rows = [{"id": name, "title": name, "text": text, "date": day} for name, text, day in articles]
    (folder / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return QABot.build(folder / "articles.jsonl", folder / "index", settings=Settings())


@pytest.mark.parametrize(
    ("reported", "withdrawn"), [("2021-03-02", True), ("2021-03-05", True), ("2021-04-01", False)]
)
def test_figure_that_a_correction_withdraws_is_not_supported(tmp_path, reported, withdrawn):
    bot = build(tmp_path, ("Mill", REPORT, reported), ("Opening", NOTICE, "2021-03-05"))
    checked = bot.check(REPORT)
    assert checked.withdrawn is withdrawn
    assert checked.verdict.supported is not withdrawn
    assert checked.citation.quote.startswith("Correction:") is withdrawn
    assert checked.to_dict()["withdrawn"] is withdrawn


def test_other_figures_and_the_mistake_itself_stay_supported(tmp_path):
    other = "The mill at Orrin will employ 40 people."
    bot = build(tmp_path, ("Mill", f"{REPORT} {other}", "2021-03-02"), ("O", NOTICE, "2021-03-05"))
    told = "Correction: A report on March 2 said that the mill at Orrin would cost €9 million."
    for sentence in (other, told):
        checked = bot.check(sentence)
        assert checked.verdict.supported and not checked.withdrawn


def test_sentences_that_a_notice_does_not_withdraw_stay_supported(tmp_path):
    notice = NOTICE.replace("cost €9 million", "cost €9 million and employ 40 people")
    told = (
        "The mill at Orrin will employ 40 people.",
        "The mill at Orrin opened on March 2.",
        "A ferry for Tarn will cost €9 million.",
    )
    one_sentence = (
        "Correction: An earlier report misstated the price of the bridge at Tarn; it is "
        "€5 million, not €6 million."
    )
    right = "The bridge at Tarn will cost €5 million."
    bot = build(
        tmp_path,
        ("Mill", " ".join((*told, right)), "2021-03-02"),
        ("Opening", notice, "2021-03-05"),
        ("Tarn", f"It rained.\n\n{one_sentence}", "2021-03-05"),
    )
    for sentence in (*told, right):
        assert bot.check(sentence).verdict.supported, sentence


def test_second_notice_of_a_passage_withdraws_too(tmp_path):
    first = "Correction: An earlier report gave the wrong age of Ann Lee."
    notice = NOTICE.replace("\n\n", f"\n\n{first}\n\n")
    bot = build(tmp_path, ("Mill", REPORT, "2021-03-02"), ("Opening", notice, "2021-03-05"))
    assert bot.check("The mill at Orrin will cost €9 million and employ 40 people.").withdrawn
