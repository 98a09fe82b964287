"""Verifying a receipt confirms unchanged citations and finds every change, without a model."""

import hashlib
import json
import random

import pytest
from making import make_article

from qa_bot.answer import Answer, Citation, Refusal, RefusalReason, Sentence
from qa_bot.datatypes import Coverage, Span
from qa_bot.export.receipts import make_receipt, read_receipt, write_receipt
from qa_bot.export.verification import Status, verify_receipt
from qa_bot.news.speakers import speaker_of

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


def statuses(receipt, *articles):
    found = {article.id: article for article in articles}
    return [str(one.status) for one in verify_receipt(receipt, found.get)]


ARTICLE = make_article("a", TEXT, published="2021-06-16")


def test_intact_receipt_is_verified():
    receipt = json.loads(json.dumps(make_receipt(make_answer())))
    assert statuses(receipt, ARTICLE) == ["intact"] * 3


def test_changed_and_removed_articles_are_reported():
    receipt = make_receipt(make_answer())
    changed = make_article("a", TEXT.replace("Tuesday", "Monday"), published="2021-06-16")
    found = verify_receipt(receipt, {"a": changed}.get)
    assert [one.status for one in found[1:]] == [Status.CHANGED] * 2
    assert "are not in it any more" in found[1].message
    assert "still stand in it" in found[2].message
    assert statuses(receipt) == ["intact", "article gone", "article gone"]


def reseal(receipt):
    """Forge a matching seal for a changed receipt."""
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
    assert statuses(receipt, ARTICLE)[1] == expected


def test_forged_sentence_with_a_new_seal_is_found():
    answer = make_answer()
    answer["sentences"][0]["text"] = "Snow fell on Tuesday."
    assert statuses(make_receipt(answer), ARTICLE)[0] == "receipt altered"
    answer = make_answer()
    answer["sentences"][0]["citations"] = [7]
    assert statuses(make_receipt(answer), ARTICLE)[0] == "receipt altered"


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
            assert set(statuses(copy, ARTICLE)) != {"intact"}, path
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
def test_invalid_receipt_raises_value_error(receipt):
    with pytest.raises(ValueError, match="receipt"):
        verify_receipt(receipt, {"a": ARTICLE}.get)


def test_receipt_of_an_older_version_is_verified_and_mentions_the_newer_one():
    receipt = make_receipt(make_answer())
    newer = make_article("a", TEXT.replace("Tuesday", "Monday"), published="2021-06-16")
    kept = {("a", ARTICLE.version): ARTICLE}
    whole, first, second = verify_receipt(receipt, {"a": newer}.get, lambda *names: kept.get(names))
    assert whole.verified and first.verified and second.verified
    assert first.status == second.status == Status.CHANGED
    assert "A newer version exists; the quoted words are not in it any more." in first.message
    assert "still stand in it" in second.message


def test_altered_receipt_of_an_older_version_is_found():
    receipt = make_receipt(make_answer())
    newer = make_article("a", "Another text.", published="2021-06-16")
    kept = {("a", ARTICLE.version): ARTICLE}
    receipt["citations"][0]["start"] += 1
    found = verify_receipt(reseal(receipt), {"a": newer}.get, lambda *names: kept.get(names))
    assert not found[1].verified and found[1].status == Status.QUOTE_ALTERED


def timed(text="15 June 2021 (“on Tuesday”).", words="on Tuesday", **when):
    """Return an answer with a time computed from words of its first citation."""
    start = TEXT.index("on Tuesday")
    answer = make_answer()
    known = {"citation": 1, "start": start, "end": start + 10, "words": words}
    answer["when"] = [known | {"iso": "2021-06-15", "written": "15 June 2021"} | when]
    part = {"kind": "time", "text": text}
    time = {"text": text, "citations": [1], "supported": True, "lead": None, "parts": [part]}
    answer["text"] = f"{text} [1] {answer['text']}"
    return answer | {"sentences": [time, *answer["sentences"]]}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (timed(), "intact"),
        (timed(text="14 June 2021 (“on Tuesday”)."), "receipt altered"),
        (timed(text="It was 15 June 2021."), "receipt altered"),
        (timed(text="15 June 2021 (“on Tuesday”). Snow fell."), "receipt altered"),
        (timed(words="on Monday"), "receipt altered"),
        (timed(start=0, end=8, words="SALTMERE"), "receipt altered"),
        (timed(start=TEXT.index("The ferry")), "receipt altered"),
    ],
    ids=["as made", "other day", "no words", "more", "other words", "not in the quote", "shifted"],
)
def test_time_needs_the_words_of_its_citation(answer, expected):
    assert statuses(make_receipt(answer), ARTICLE)[0] == expected


def test_check_lists_the_programs_own_statements():
    whole = verify_receipt(make_receipt(timed()), {"a": ARTICLE}.get)[0]
    assert "Not quotations in it: “15 June 2021 (“on Tuesday”).” (time)." in whole.message


def test_check_lists_what_only_the_maker_states():
    forged = make_answer() | {"question": "Did it snow?", "short": "Tuesday", "a\nb": "2021-06-01"}
    forged["citations"][0]["agency"] = "Reuters"
    whole = verify_receipt(make_receipt(forged), {"a": ARTICLE}.get)[0]
    stated = whole.message.partition("Stated by its maker, not checked: ")[2]
    assert stated.startswith("the question “Did it snow?”; ")
    for name in ("short", "models", "made", "coverage", "a b", "agency of a citation"):
        assert name in stated


@pytest.mark.parametrize(
    ("text", "expected"),
    [("No.", "intact"), ("Yes.", "intact"), ("It rained.", "receipt altered")],
)
def test_decision_is_yes_or_no(text, expected):
    answer = make_answer()
    decided = {"text": text, "citations": [1], "supported": True, "lead": None}
    decided["parts"] = [{"kind": "decision", "text": text}]
    answer["sentences"].insert(0, decided)
    answer |= {"text": f"{text} [1] {answer['text']}", "short": text.rstrip(".")}
    assert statuses(make_receipt(answer), ARTICLE)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Not answered: “Who?”", "intact"), ("It snowed.", "receipt altered")],
)
def test_open_part_of_a_question_says_no_more(text, expected):
    answer = make_answer()
    left = {"text": text, "citations": [], "supported": True, "lead": None}
    answer["sentences"].append(left | {"parts": [{"kind": "open", "text": text}]})
    answer["text"] = f"{answer['text']} {text}"
    assert statuses(make_receipt(answer), ARTICLE)[0] == expected


def test_part_with_another_kind_or_text_is_found():
    for change in ({"kind": "written"}, {"text": "Snow fell."}, {"kind": "publication"}):
        answer = make_answer()
        answer["sentences"][0]["parts"][0] |= change
        assert statuses(make_receipt(answer), ARTICLE)[0] == "receipt altered"
    answer = make_answer()
    answer["sentences"][0]["parts"][0]["kind"] = "no such kind"
    with pytest.raises(ValueError, match="receipt"):
        verify_receipt(make_receipt(answer), {"a": ARTICLE}.get)


@pytest.mark.parametrize(
    ("difference", "expected"),
    [({"kind": "changed", "first": 1, "second": 2}, "intact"), (None, "receipt altered")],
)
def test_report_lead_needs_a_difference(difference, expected):
    answer = make_answer() | {"difference": difference}
    answer["sentences"][0]["lead"] = "Latest report, Wednesday, 16 June 2021"
    answer["text"] = f"Latest report, Wednesday, 16 June 2021: {answer['text']}"
    lead = {"kind": "report", "text": "Latest report, Wednesday, 16 June 2021"}
    answer["sentences"][0]["parts"].insert(0, lead)
    assert statuses(make_receipt(answer), ARTICLE)[0] == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [("Did the ferry or the bus cost more?", "intact"), ("Who won?", "receipt altered")],
)
def test_thing_that_is_compared_is_named_by_the_question(question, expected):
    answer = make_answer() | {"question": question, "standalone_question": question}
    answer["sentences"][0]["lead"] = "The ferry"
    answer["text"] = f"The ferry: {answer['text']}"
    answer["sentences"][0]["parts"].insert(0, {"kind": "item", "text": "The ferry"})
    assert statuses(make_receipt(answer), ARTICLE)[0] == expected


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        ("{} (16 June 2021)", "intact"),
        ("{}", "intact"),
        ("{} (17 June 2021)", "receipt altered"),
        ("Thief (16 June 2021)", "receipt altered"),
        (" (16 June 2021)", "receipt altered"),
        ("{} (16 June 2021", "receipt altered"),
    ],
)
def test_role_and_its_day_are_those_of_the_citation(lead, expected):
    answer = make_answer()
    words = answer["citations"][0]["quote"].split()[0].capitalize()
    lead = lead.format(words)
    answer["sentences"][0]["lead"] = lead
    answer["text"] = f"{lead}: {answer['text']}"
    answer["sentences"][0]["parts"].insert(0, {"kind": "role", "text": lead})
    assert statuses(make_receipt(answer), ARTICLE)[0] == expected


def test_lead_without_a_part_is_found():
    answer = make_answer()
    answer["sentences"][0]["lead"] = "Agnes Lund"
    assert statuses(make_receipt(answer), ARTICLE)[0] == "receipt altered"


def spoken(lead):
    text = "SALTMERE — “It ran late,” said Agnes Lund. “It was full.” Per Olsen was there."
    article = make_article("a", text)
    start = text.index("“It was full.”")
    citation = Citation(1, article, start, start + len("“It was full.”"), lead)
    said = (Sentence(citation.quote, (1,), lead=lead),)
    return article, Answer("q?", "q?", said, (citation,), (), Coverage(1)).to_dict()


@pytest.mark.parametrize(
    ("lead", "expected"), [("Agnes Lund", "intact"), ("Marta Lund", "receipt altered")]
)
def test_article_must_name_the_speaker(lead, expected):
    article, answer = spoken(lead)
    assert statuses(make_receipt(answer), article)[0] == expected


def test_receipt_outlives_a_change_of_the_rules_for_speakers_and_dates():
    """The receipt has the speaker and the day that other rules found."""
    article, answer = spoken("Per Olsen")  # today's rules say Agnes Lund
    assert speaker_of(article.text, Span(answer["citations"][0]["start"], len(article.text))) == (
        "Agnes Lund"
    )
    assert statuses(make_receipt(answer), article) == ["intact", "intact"]
    answer = timed("8 June 2021 (“on Tuesday”).", iso="2021-06-08", written="8 June 2021")
    assert statuses(make_receipt(answer), ARTICLE) == ["intact"] * 3


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"publisher": "Another"}, "the publisher is “Another” here and missing"),
        ({"published": "2021-06-20"}, "the day of publication is “2021-06-20” here and “2021-06"),
        ({"title": "Snow"}, "the title is “Snow” here"),
        ({"url": "https://a.example"}, "the address is “https://a.example” here and missing"),
    ],
)
def test_other_details_of_an_article_than_the_indexs_are_named(change, named):
    answer = make_answer()
    answer["citations"][0] |= change
    found = verify_receipt(make_receipt(answer), {"a": ARTICLE}.get)
    assert [str(one.status) for one in found] == ["intact", "details differ", "intact"]
    assert named in found[1].message
    assert not found[1].verified


def test_closest_sentence_of_a_refusal_is_checked():
    start = TEXT.index(QUOTES[1])
    closest = Citation(1, ARTICLE, start, start + len(QUOTES[1]))
    refusal = Refusal(RefusalReason.NOT_ANSWERED, "No.", (ARTICLE,), closest)
    answer = Answer("q?", "q?", (), (), (), Coverage(1), refusal).to_dict()
    assert statuses(make_receipt(answer), ARTICLE) == ["intact"] * 2
    answer["refusal"]["closest"]["quote"] = "The ferry sank."
    assert statuses(make_receipt(answer), ARTICLE) == ["intact", "quote altered"]
    assert statuses(make_receipt(answer)) == ["intact", "article gone"]


def test_name_that_is_there_twice_is_no_receipt(tmp_path):
    file = tmp_path / "receipt.json"
    write_receipt(file, make_answer())
    assert read_receipt(file)["question"] == "q?"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("{", '{"question": "Did it snow?",', 1), encoding="utf-8")
    with pytest.raises(ValueError, match="“question” twice"):
        read_receipt(file)


def signed(tmp_path, **changes):
    receipt = make_receipt(make_answer(), key=tmp_path / "key.pem")
    return json.loads(json.dumps(receipt)) | changes


def test_signature_says_whose_receipt_it_is(tmp_path):
    first, second = (make_receipt(make_answer(), key=tmp_path / "key.pem") for _ in range(2))
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    whole = verify_receipt(first, {"a": ARTICLE}.get)[0]
    mine = whole.message.rpartition("Signed by the key ")[2].rstrip(".")
    assert whole.verified and mine.startswith("SHA256:")
    for receipt in (first, second):
        assert verify_receipt(receipt, {"a": ARTICLE}.get, signed_by=mine)[0].verified
    other = make_receipt(make_answer(), key=tmp_path / "other.pem")
    for receipt in (other, make_receipt(make_answer())):
        for demanded in (mine, ""):
            found = verify_receipt(receipt, {"a": ARTICLE}.get, signed_by=demanded)[0]
            assert found.status == Status.NOT_SIGNED and not found.verified


def test_change_under_a_signature_is_found(tmp_path):
    receipt = signed(tmp_path)
    resealed = reseal({k: v for k, v in receipt.items() if k != "signature"}) | {"question": "x"}
    resealed = reseal({k: v for k, v in resealed.items() if k != "signature"})
    resealed["signature"] = receipt["signature"]
    assert statuses(resealed, ARTICLE)[0] == "receipt altered"
    assert "signature does not fit" in verify_receipt(resealed, {"a": ARTICLE}.get)[0].message


@pytest.mark.parametrize(
    "signature", [{}, 3, None, {"algorithm": "none", "key": "", "value": ""}, "x", ["a"]]
)
def test_signature_of_another_form_is_no_receipt(tmp_path, signature):
    with pytest.raises(ValueError, match="receipt"):
        verify_receipt(signed(tmp_path, signature=signature), {"a": ARTICLE}.get)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\n"])
def test_file_without_a_key_raises_value_error(tmp_path, content):
    (tmp_path / "key.pem").write_bytes(content)
    with pytest.raises(ValueError, match="key"):
        make_receipt(make_answer(), key=tmp_path / "key.pem")


def test_receipt_of_the_first_form_is_verified():
    receipt = first_form(timed())
    assert statuses(receipt, ARTICLE) == ["intact"] * 3
    forged = first_form(timed(text="Snow fell on Tuesday."))
    assert statuses(forged, ARTICLE)[0] == "receipt altered"


def first_form(answer):
    """Return a receipt of the first form, without typed parts of sentences."""
    for sentence in answer["sentences"]:
        del sentence["parts"]
    receipt = {k: v for k, v in make_receipt(answer).items() if k != "seal"}
    receipt["receipt"] = "qa-bot-receipt/1"
    text = json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return receipt | {"seal": hashlib.sha256(text.encode()).hexdigest()}


def checked(answer, *texts, change=lambda receipt: None):
    """Verify the receipt of an answer; the first text is the current one, the others are older."""
    receipt = make_receipt(answer)
    change(receipt)
    now, *older = (make_article("a", text, published="2021-06-16") for text in texts)
    kept = {("a", one.version): one for one in older}
    return verify_receipt(reseal(receipt), {"a": now}.get, lambda *key: kept.get(key))


def test_version_that_the_index_never_had_is_not_verified():
    answer = make_answer()
    answer["citations"][0]["article_version"] = "0" * 64
    newer = TEXT.replace("Nobody", "One person")
    _, first, second = checked(answer, newer, TEXT)
    assert (first.verified, second.verified) == (False, True)


def test_citations_of_two_versions_are_each_compared_with_their_own():
    answer = make_answer()
    newer = TEXT.replace("Nobody", "One person")
    answer["citations"][1]["article_version"] = make_article("a", newer).version
    assert [one.verified for one in checked(answer, newer, TEXT)] == [True] * 3


@pytest.mark.parametrize("number", ["1_0", "1٠", 10.9, True])
def test_number_that_is_no_whole_one_of_json_is_refused(number):
    answer = make_answer()
    answer["citations"][0]["start"] = number
    with pytest.raises(ValueError, match="is no whole number"):
        checked(answer, TEXT)


def test_what_nobody_checked_is_named():
    answer = make_answer()
    answer["sentences"][0]["remark"] = "The mayor took bribes."
    answer["answered"] = False
    answer["when"] = [{"citation": 1, "start": 0, "end": 4, "words": "Rain", "iso": "2021",
                       "written": "2021"}]  # fmt: skip
    whole = checked(answer, TEXT)[0]
    for name in ("answered", "remark of a sentence", "supported of a sentence", "a time that no"):
        assert name in whole.message


def test_receipt_that_is_nested_too_deeply_is_no_receipt():
    receipt = make_receipt(make_answer())
    for _ in range(100_000):
        receipt["more"] = [receipt.get("more")]
    with pytest.raises(ValueError, match="nested too deeply"):
        verify_receipt(receipt, {}.get)
