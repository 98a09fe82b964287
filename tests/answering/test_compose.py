from dataclasses import replace
from datetime import date

import pytest
from making import make_article, make_retrieval, read_parts

from qa_bot.answer import PartKind, RefusalReason, Sources
from qa_bot.answering.agreement import agree, from_body
from qa_bot.answering.compose import choose, compose
from qa_bot.datatypes import Coverage, Entry, Evidence, Hit, Passage, Published, Span
from qa_bot.filters import Filters

COVERAGE = Coverage(5, date(2021, 5, 5), date(2021, 12, 29), in_index=5)


def evidence(text, probability, article_id="a", score=0.8, answer=None, **known):
    article = make_article(article_id, f"Before. {text} After.", **known)
    hit = Hit(Passage(article, 0, len(article.text)), 1, score, "fused")
    start = article.text.index(answer) if answer else 0
    span = Span(start, start + len(answer)) if answer else None
    return Evidence(hit, 8, 8 + len(text), probability, span)


def draft(*found, parts=None, question="Who?", coverage=COVERAGE, filters=Filters(), threshold=0.5):
    asked, readings = read_parts(question, *([found] if parts is None else parts))
    hits = [one.hit for reading in readings for one in reading.evidence]
    retrieval = make_retrieval(hits, coverage, filters)
    return compose(asked, retrieval, readings, threshold=threshold, max_sentences=3)


FERRY = evidence("The ferry sank in the\nbay.", 0.9)
BRIDGE = evidence("The old bridge was closed.", 0.6, "b")


def test_answer_quotes_sentences_with_exact_citations():
    answer = draft(FERRY, BRIDGE)
    assert [str(s) for s in answer.sentences] == [
        "The ferry sank in the bay. [1]",
        "The old bridge was closed. [2]",
    ]
    assert [c.quote for c in answer.citations] == [
        "The ferry sank in the\nbay.",
        "The old bridge was closed.",
    ]
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who sank the ferry of Port Ellery in June?", ["Port Ellery"]),
        ("Why did the Kittiwake’s skipper meet Anna Berg and Ann Port?", ["Anna Berg"]),
        ("Why did Kittiwake sink on Monday, in the EU or Hesk Bay?", []),
        ("Why did Congressman Berg see it?", []),
    ],
)  # fmt: skip
def test_refusal_lists_names_that_no_article_mentions(question, names):
    text = "The ferry Kittiwake sank in Hesk Bay. Ann Berg and Port Moor saw it."
    answer = draft(evidence(text, 0.4), question=question)
    reason = RefusalReason.FALSE_PREMISE if names else RefusalReason.NOT_ANSWERED
    assert answer.refusal.reason == reason
    for name in names:
        assert name in answer.refusal.message


def test_weak_evidence_is_declined():
    answer = draft(evidence("The ferry sank in the bay.", 0.4))
    assert answer.refusal.reason == RefusalReason.NOT_ANSWERED
    assert [article.id for article in answer.refusal.nearest] == ["a"]
    assert answer.sentences == () and answer.citations == ()
    assert answer.refusal.closest.quote == "The ferry sank in the bay."


def test_words_that_come_close_are_not_said_to_be_about_nothing():
    answer = draft(evidence("The ferry sank.", 0.4, score=0.1))
    assert answer.refusal.reason == RefusalReason.NOT_ANSWERED
    assert answer.refusal.closest.quote == "The ferry sank."


def test_irrelevant_articles_have_a_refusal_reason():
    answer = draft(evidence("The ferry sank.", 0.01, score=0.1))
    assert answer.refusal.reason == RefusalReason.NOTHING_RELEVANT
    assert answer.refusal.closest is None
    assert draft(evidence("The ferry sank.", 0.9, score=0.1)).refusal is None
    assert draft().refusal.reason == RefusalReason.NOTHING_RELEVANT


def test_year_that_no_article_covers_has_a_refusal_reason():
    answer = draft(FERRY, question="What happened in 2023?")
    assert answer.refusal.reason == RefusalReason.OUTSIDE_DATES
    assert answer.refusal.message == (
        "The articles don't say: they cover 5 May 2021 to 29 December 2021, not 2023."
    )


def test_year_in_the_evidence_is_answered():
    found = evidence("They will meet in January 2022.", 0.9)
    assert draft(found, question="Will they meet in 2022?").refusal is None


@pytest.mark.parametrize("probability", [0.0, 0.9])
def test_question_in_another_language_is_declined(probability):
    found = evidence("They will meet in January 2022.", probability)
    refusal = draft(found, question="Wann und wo werden sie sich treffen?").refusal
    assert refusal.reason == RefusalReason.NOT_UNDERSTOOD
    assert refusal.message.startswith("Please ask in English")


def test_empty_index_says_how_to_fill_it():
    refusal = draft(coverage=Coverage()).refusal
    assert refusal.reason == RefusalReason.EMPTY_INDEX
    assert "qa-bot build" in refusal.message


def test_filters_that_exclude_everything_count_the_undated_articles():
    filters = Filters(until=date(2020, 1, 1))
    refusal = draft(coverage=Coverage(left_out=2, in_index=9), filters=filters).refusal
    assert refusal.reason == RefusalReason.OUTSIDE_DATES
    assert "(2 articles left out: no exact date)" in refusal.message


def test_days_in_the_wrong_order_are_named():
    filters = Filters(since=date(2021, 6, 1), until=date(2021, 5, 1))
    refusal = draft(coverage=Coverage(in_index=9), filters=filters).refusal
    assert refusal.message.endswith("asked for: 1 June 2021 is after 1 May 2021.")


def test_unknown_publisher_is_not_refused_for_its_dates():
    refusal = draft(coverage=Coverage(in_index=9), filters=Filters(publisher="nobody")).refusal
    assert refusal.reason == RefusalReason.NOTHING_RELEVANT
    assert refusal.message == "No article is published by “nobody”."


def test_repeated_sentence_is_quoted_once():
    again = evidence("In the bay the ferry sank.", 0.8, "b")
    assert choose([[FERRY, again, BRIDGE]], 3) == [FERRY, BRIDGE]


def test_new_article_precedes_a_cited_one():
    same = evidence("All on board were saved.", 0.62)
    assert choose([[FERRY, same, BRIDGE]], 2) == [FERRY, BRIDGE]


def test_much_weaker_sentences_are_not_quoted():
    assert choose([[FERRY, evidence("A cow stood there.", 0.1, "c")]], 3) == [FERRY]


def test_further_sentence_has_at_least_the_probability_of_an_answer():
    assert choose([[FERRY, BRIDGE]], 3, least=FERRY.probability) == [FERRY]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_answer_keeps_to_the_number_of_sentences(n):
    names = ("ferry sank", "bridge closed", "club won", "market burned", "mayor spoke")
    many = [evidence(f"The {name} early.", 0.9, name) for name in names]
    assert len(choose([many], n)) == n


def test_short_answer_is_the_best_span_in_one_line():
    assert draft(evidence("It sank in the\nbay.", 0.9, answer="the\nbay")).short == "the bay"


def test_question_with_two_parts_gets_both_despite_the_limit():
    when = evidence("It sank on Monday.", 0.9, "a", answer="Monday")
    where = evidence("Divers found it off Hesk Island.", 0.8, "b", answer="Hesk Island")
    answer = draft(parts=[[when], [where]])
    assert answer.short == "Monday; Hesk Island"
    assert [c.article.id for c in answer.citations] == ["a", "b"]


@pytest.mark.parametrize(
    "found", [[], [evidence("Ferries run daily.", 0.1, "b", answer="daily")]], ids=["no", "poor"]
)
def test_part_without_an_answer_is_named(found):
    when = evidence("It sank on Monday.", 0.9, "a", answer="Monday")
    answer = draft(parts=[[when], found], question="Why?")
    assert answer.short == "Monday"
    assert len(answer.citations) == 1
    assert [str(s) for s in answer.sentences] == [
        "It sank on Monday. [1]",
        "Not answered: “Why?”",
    ]
    assert answer.sentences[1].parts[0].kind is PartKind.OPEN


def test_question_without_parts_leaves_none_open():
    assert [s.kind for s in draft(FERRY).sentences] == [PartKind.QUOTE]


def test_confidence_of_a_question_in_parts_is_their_mean():
    parts = [[evidence("It sank.", 0.9)], [evidence("Divers came.", 0.7, "b")]]
    assert draft(parts=parts).confidence == pytest.approx(0.8)


def test_sentence_of_the_text_takes_the_place_of_a_headline_with_the_same_answer():
    text = "Ferry sinks in bay\nThe Kittiwake went down in the bay. Nobody was hurt."
    article = make_article("a", text, title="Ferry sinks in bay")
    hit = Hit(Passage(article, 0, len(text)), 1, 0.8, "fused")

    def found(sentence, answer, probability):
        start, at = text.index(sentence), text.index(answer, text.index(sentence))
        span = Span(at, at + len(answer))
        return Evidence(hit, start, start + len(sentence), probability, span)

    headline = found("Ferry sinks in bay", "bay", 0.8)
    body = found("The Kittiwake went down in the bay.", "the bay", 0.3)
    other = found("Nobody was hurt.", "Nobody", 0.5)
    best, *rest = from_body([headline, other, body])
    assert (best.text, best.probability) == (body.text, 0.8) and rest == [other]
    assert from_body([headline, other]) == [headline, other]
    assert choose([[other, headline]], 3) == [other]


def test_agreement_of_another_article_raises_confidence():
    one = evidence("About 187 homes were emptied.", 0.6, "a", answer="187")
    other = evidence("The flood drove people out of 187 homes.", 0.5, "b", answer="187 homes")
    assert agree([one, other])[0][0].probability == pytest.approx(1 - 0.4 * 0.75)


def test_same_article_and_other_answers_do_not_raise_confidence():
    one = evidence("About 187 homes were emptied.", 0.6, "a", answer="187")
    same = evidence("In 187 homes water stood.", 0.5, "a", answer="187")
    other = evidence("About 140 homes were emptied.", 0.5, "b", answer="140")
    assert agree([one, same, other])[0][0].probability == pytest.approx(0.6)


def test_copy_of_the_sentence_does_not_raise_confidence():
    one = evidence("About 187 homes were emptied.", 0.6, "a", answer="187")
    copy = evidence("About 187 homes were emptied.", 0.6, "b", answer="187")
    assert agree([one, copy])[0][0].probability == pytest.approx(0.6)


def test_publisher_and_date_are_stated_with_the_title_as_citation():
    found = evidence("Leaders meet in Geneva.", 0.9, publisher="TASS", published="2021-06-16")
    answer = draft(replace(found, stated="Wednesday, 16 June 2021"))
    assert answer.short == "Wednesday, 16 June 2021"
    assert answer.sentences[0].text == (
        "“Title of a” was published by TASS on Wednesday, 16 June 2021."
    )
    assert answer.citations[0].quote == "Leaders meet in Geneva."


def test_month_of_publication_stays_a_month():
    found = evidence("Leaders meet in Geneva.", 0.9, publisher="TASS")
    month = replace(found.article, published=Published(date(2021, 6, 1), "month"))
    hit = replace(found.hit, passage=replace(found.hit.passage, article=month))
    answer = draft(replace(found, hit=hit, stated="TASS"))
    assert answer.sentences[0].text == "“Title of a” was published by TASS."


def test_question_when_resolves_words_from_the_date_of_the_article():
    met = evidence("They met on Wednesday.", 0.9, answer="Wednesday", published="2021-06-17")
    answer = draft(met, question="When did they meet?")
    assert str(answer.sentences[0]) == "16 June 2021 (“on Wednesday”). [1]"
    assert [(w.iso, w.words, w.citation) for w in answer.when] == [
        ("2021-06-16", "on Wednesday", 1)
    ]
    text = met.article.text
    assert text[answer.when[0].start : answer.when[0].end] == "on Wednesday"
    assert answer.short == "16 June 2021" and answer.quoted_short is None


def test_hour_is_the_short_answer_though_its_day_is_resolved():
    shut = evidence("It shut at noon on Tuesday.", 0.9, answer="noon", published="2021-06-17")
    assert draft(shut, question="When did it shut?").short == "noon"


def test_day_next_to_an_hour_is_resolved():
    text = "It shut at 9.40 p.m. on Tuesday."
    shut = evidence(text, 0.9, answer="9.40 p.m.", published="2021-06-17")
    assert [w.iso for w in draft(shut, question="When did it shut?").when] == ["2021-06-15"]


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("Who met?", "They met on Wednesday.", "on Wednesday"),
        ("When did they meet?", "They met on 16 June 2021.", "16 June 2021"),
        ("When did they meet?", "They met after lunch.", "after lunch"),
    ],
)
def test_other_questions_and_full_dates_resolve_nothing(question, text, words):
    found = evidence(text, 0.9, answer=words, published="2021-06-17")
    assert [s.text for s in draft(found, question=question).sentences] == [text]


@pytest.mark.parametrize(
    ("text", "answer", "probability", "n"),
    [
        ("It emptied 6 homes.", "6", 0.5, 2),
        ("It lasted 6 weeks.", "6", 0.5, 1),
        ("It emptied 6 homes.", "6", 0.01, 1),
    ],
)
def test_source_that_agrees_counts_the_same_and_is_likely(text, answer, probability, n):
    best = evidence("The flood emptied 6 homes.", 0.8, "a", answer="6")
    other = evidence(text, probability, "b", answer=answer)
    assert agree([best, other])[1] == Sources(n, n)


def test_copies_and_the_same_article_are_one_source():
    found = [evidence("It cost €7.", 0.6, name, answer="€7") for name in "abc"]
    others = [evidence(f"The price: €7, {name}.", 0.6, name, answer="€7") for name in "de"]
    entry = Entry("d", "D", None, None, 0)
    copied = replace(others[1], hit=replace(others[1].hit, copies=(entry,)))
    assert agree(found)[1] == Sources(3, 1)
    assert agree([found[0], others[0]])[1] == Sources(2, 2)
    assert agree([copied, others[0]])[1] == Sources(2, 1)


def test_answer_cites_the_original_of_copies():
    entries = {name: Entry(name, name, None, None, 0) for name in "ab"}

    def copied(name, day, other, probability):
        one = evidence("It cost €7.", probability, name, answer="€7", published=day)
        return replace(one, hit=replace(one.hit, copies=(entries[other],)))

    copy, original = copied("a", "2021-06-17", "b", 0.9), copied("b", "2021-06-16", "a", 0.8)
    answer = draft(copy, original, question="How much was it?")
    assert [c.article.id for c in answer.citations] == ["b"]
    assert answer.confidence == 0.9 and answer.sources == Sources(2, 1)


SAID = evidence("“It did its job.”", 0.9, answer="It did its job")


def test_speaker_leads_a_quotation_that_does_not_name_one():
    spoken = replace(SAID, speaker="Agnes Lund")
    answer = draft(spoken, question="What did Agnes Lund say?")
    assert str(answer.sentences[0]) == "Agnes Lund: “It did its job.” [1]"
    assert answer.citations[0].quote == "“It did its job.”"


def test_speaker_answers_who_said_it():
    spoken, fact = replace(SAID, speaker="Agnes Lund"), evidence("It rained.", 0.95, "b")
    answer = draft(fact, spoken, question="Who said that it did its job?")
    assert answer.short == "Agnes Lund"


def test_statements_of_the_person_in_the_question_come_first():
    one = replace(evidence("“No,” Olsen said.", 0.9, answer="No"), speaker="Per Olsen")
    other = replace(evidence("“Yes,” Lund said.", 0.7, "b", answer="Yes"), speaker="Agnes Lund")
    assert draft(one, other, question="What did Lund say?").short == "Yes"
    assert draft(one, other, question="What was the answer?").short == "No"


def test_words_of_a_sentence_are_no_short_answer_to_a_question_of_yes_or_no():
    vote = evidence("The vote was unanimous.", 0.9, answer="unanimous")
    assert draft(vote, question="Was the board united?").short is None


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How many homes were evacuated?", "187"),
        ("How many people were evacuated?", "431"),
        ("How many families were evacuated?", "431"),
        ("How many boats were evacuated?", "431"),
    ],
)
def test_number_of_people_does_not_answer_how_many_homes(question, short):
    people = evidence("The flood forced 431 people out.", 0.9, "a", answer="431")
    homes = evidence("In all 187 homes were evacuated.", 0.7, "b", answer="187")
    assert draft(people, homes, question=question).short == short


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who is the manager now?", "Léa Morvant"),
        ("current manager of the club", "Léa Morvant"),
        ("Who was the manager in May?", "Hal Dunmarrow"),
    ],
)
def test_holder_who_left_does_not_answer_who_it_is_now(question, short):
    left = evidence(
        "She takes over from Hal Dunmarrow, who quit.", 0.9, "a", answer="Hal Dunmarrow"
    )
    new = evidence("Léa Morvant is the manager.", 0.6, "a", answer="Léa Morvant")
    assert draft(left, new, question=question).short == short


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who pays for the unit?", "the ministry"),
        ("whos paying for the unit", "the ministry"),
        ("Where does the money go?", "the ministry"),
        ("How much does the unit cost?", "€2.6 million"),
    ],
)
def test_sum_answers_no_question_for_a_person_or_a_place(question, short):
    sum_ = evidence("The unit costs €2.6 million.", 0.9, "a", answer="€2.6 million")
    payer = evidence("It is paid for by the ministry.", 0.7, "b", answer="the ministry")
    assert draft(sum_, payer, question=question).short == short


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How much was it before the price rose to €9.5 million?", "€7 million"),
        ("How much is the furnace?", "€9.5 million"),
        ("How much is the furnace of 2021?", "€9.5 million"),
        ("When was it said to be €9.5 million?", "€9.5 million"),
    ],
)
def test_figure_of_the_question_is_not_its_answer(question, short):
    now = evidence("The furnace costs €9.5 million.", 0.9, "a", answer="€9.5 million")
    before = evidence("It was to cost €7 million.", 0.7, "b", answer="€7 million")
    assert draft(now, before, question=question).short == short


@pytest.mark.parametrize(
    ("question", "answered"),
    [("Does the contractor face a penalty?", False), ("What did it say of a penalty?", True)],
)
@pytest.mark.parametrize("asked", ["It would not say if", "The city weighs whether"])
def test_what_a_sentence_leaves_open_is_no_answer(asked, question, answered):
    for words in ("faces a penalty", f"{asked} the firm faces a penalty"):
        open_ = evidence(f"{asked} the firm faces a penalty.", 0.9, answer=words)
        assert bool(draft(open_, question=question).sentences) is answered


@pytest.mark.parametrize(
    ("published", "lead"), [("2021-05-03", "A baker (3 May 2021)"), (None, "A baker")]
)
def test_role_of_a_person_has_the_day_of_its_article(published, lead):
    found = evidence("Ana Vell, a baker, won.", 0.9, answer="a baker", published=published)
    (sentence,) = draft(found, question="Who is Ana Vell?").sentences
    assert (sentence.lead, sentence.lead_kind) == (lead, PartKind.ROLE)
    spoken = replace(found, speaker="Bo Yi")
    (of_another,) = draft(spoken, question="Who is Ana Vell?").sentences
    assert (of_another.lead, of_another.lead_kind) == ("Bo Yi", PartKind.SPEAKER)
    no_role = evidence("Ana Vell, a baker, won.", 0.9, answer="won")
    assert draft(no_role, question="Who is Ana Vell?").sentences[0].lead is None
    (of_others,) = draft(found, question="Who won?").sentences
    assert of_others.lead is None


def test_person_who_is_only_named_is_the_closest_sentence():
    answer = draft(
        evidence("On Monday Ana Vell spoke.", 0.01, score=0.1), question="who is ana vell"
    )
    assert answer.refusal.reason is RefusalReason.NOT_ANSWERED
    assert answer.refusal.closest.quote == "On Monday Ana Vell spoke."


def test_name_or_number_is_no_short_answer_to_who_somebody_is():
    for words in ("Ana Vell", "12 nurses"):
        found = evidence("Ana Vell leads 12 nurses.", 0.9, answer=words)
        assert draft(found, question="Who is Ana Vell?").short is None
    mayor = evidence("Ana Vell, mayor since 2013, spoke.", 0.9, answer="mayor since 2013")
    assert draft(mayor, question="Who is Ana Vell?").short == "mayor since 2013"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("flood homes emptied total", "187"),
        ("people evacuated flood number", "431"),
        ("flood Hesk number", "431"),
    ],
)
def test_keywords_for_homes_are_not_answered_with_people(question, answer):
    people = evidence("In all 431 people had to leave.", 0.9, answer="431")
    homes = evidence("In all 187 homes were emptied.", 0.6, "b", answer="187")
    assert draft(people, homes, question=question).short == answer


@pytest.mark.parametrize(
    ("sentence", "answer", "short"),
    [
        ("By noon 14 of the 41 lines ran.", "41 lines", "14 of the 41 lines"),
        ("Only nine of Ummelbus’s 41 lines ran.", "41", "nine of Ummelbus’s 41"),
        ("Of the 41 lines 14 ran.", "14", "14"),
        ("It is one of the four bridges.", "bridges", "bridges"),
        ("The list of 230 patients was sent.", "230 patients", "230 patients"),
    ],
)
def test_part_of_a_number_is_the_answer(sentence, answer, short):
    assert draft(evidence(sentence, 0.9, answer=answer), question="How many ran?").short == short


def test_whole_answers_a_question_for_all_there_are():
    found = evidence("By noon 14 of the 41 lines ran.", 0.9, answer="41 lines")
    assert draft(found, question="How many lines does Hesk have?").short == "41 lines"


@pytest.mark.parametrize(
    ("question", "declined"),
    [
        ("How deep is the crack?", True),
        ("depth of the crack", True),
        ("How long is the crack?", False),
        ("What is the length of the crack?", False),
        ("What is known of the crack?", False),
    ],
)
def test_length_is_no_depth(question, declined):
    found = evidence("The crack is 6.5 metres long.", 0.9, answer="6.5 metres")
    assert bool(draft(found, question=question).refusal) == declined


@pytest.mark.parametrize(
    ("probability", "sentence", "is_open"),
    [(0.4, FERRY, False), (0.1, FERRY, True), (0.4, BRIDGE, True)],
)
def test_sentence_of_a_sure_answer_tells_another_part_too(probability, sentence, is_open):
    parts = [FERRY], [replace(sentence, probability=probability)]
    for answer in (draft(parts=parts), draft(parts=parts[::-1])):
        assert answer.sentences[0].text == "The ferry sank in the bay."
        assert any(s.kind is PartKind.OPEN for s in answer.sentences) is is_open


def test_margin_of_the_sentence_answers():
    text = "Vell got 431 votes and Yi 368, a margin of 63."
    found = evidence(text, 0.9, answer="431")
    assert draft(found, question="by how many votes did Vell win").short == "63"
    other = evidence("Vell got 431 votes.", 0.9, answer="431")
    assert draft(other, question="by how many votes did Vell win").refusal
