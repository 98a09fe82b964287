"""The pages of a PDF become one text, without what belongs to the pages."""

import pytest

from qa_bot.corpus.pdf_pages import join_pages


def text_of(*pages):
    return join_pages(pages)[0]


def test_running_heads_and_feet_are_left_out():
    pages = [
        f"HARBOUR POST  Tuesday, 4 May 2021  Page {n}\n{body}\nCopyright Harbour Post. {n}"
        for n, body in enumerate(("The mill was sold.", "The price is secret.", "It is old."), 1)
    ]
    text, head = join_pages(pages)
    assert text == "The mill was sold.\n\nThe price is secret.\n\nIt is old."
    assert head == "HARBOUR POST  Tuesday, 4 May 2021  Page 1"


@pytest.mark.parametrize("number", ["{}", "- {} -", "Page {}", "{} of 12", "p. {}", "{}/12"])
def test_page_numbers_are_left_out(number):
    first, second = (f"{body}\n{number.format(n)}" for n, body in ((1, "It ran."), (2, "It fell.")))
    assert text_of(first, second) == "It ran.\n\nIt fell."


def test_sentence_goes_on_over_the_end_of_a_page():
    assert text_of("The mill will be turned into a\n1", "hotel with 86 rooms.\n2") == (
        "The mill will be turned into a\nhotel with 86 rooms."
    )


def test_paragraph_that_ends_with_the_page_stays_by_itself():
    assert text_of("The mill was sold.", "the price is secret.") == (
        "The mill was sold.\n\nthe price is secret."
    )


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("312 peo-\nple left", "312 people left"),
        ("council\u00ad\nlor Underhay", "councillor Underhay"),
        ("the Anglo-\nSaxon hoard", "the Anglo-Saxon hoard"),
        ("a 12-\nyear term", "a 12-year term"),
        ("well-known, and a well-\nknown man", "well-known, and a well-known man"),
        ("It ran -\nand fell", "It ran -\nand fell"),
        ("from 1990-\n1999", "from 1990-\n1999"),
    ],
)
def test_words_are_whole(broken, whole):
    assert text_of(broken) == whole


def test_word_is_whole_over_the_end_of_a_page():
    assert text_of("The coun-\n1", "cil met.\n2") == "The council met."


def test_one_page_keeps_every_line():
    page = "HARBOUR POST\n\n1\n\nThe mill was sold.\n2021"
    assert text_of(page) == page


def test_line_that_recurs_within_pages_stays():
    pages = [f"Part {n}.\nOne.\nYes, he said.\nTwo.\nEnd of {n} it is." for n in ("a", "b", "c")]
    assert text_of(*pages).count("Yes, he said.") == 3


def test_title_of_the_text_as_running_head_stays_on_the_first_page():
    pages = [f"Mayor elected\n{body}" for body in ("She won.", "He lost.", "It ended.")]
    assert join_pages(pages) == ("Mayor elected\nShe won.\n\nHe lost.\n\nIt ended.", "")


def test_rows_of_a_list_at_the_edge_of_pages_stay():
    rows = [f"June {n}, 2021: {n + 2} cases" for n in range(1, 21)]
    assert text_of("\n".join(rows[:10]), "\n".join(rows[10:])).splitlines() == [
        *rows[:10],
        "",
        *rows[10:],
    ]


def test_numbers_that_do_not_count_the_pages_stay():
    assert "2021" in text_of("It ran.\n2021", "It fell.\n1978")


def test_long_runs_of_letters_and_spaces_take_no_time():
    text = "a" * 200_000 + "\n" + " " * 200_000 + "\n" + "1" * 200_000
    assert text_of(text, text)


def test_rows_of_numbers_at_the_edge_of_pages_stay():
    assert "12 45 78" in text_of("12 45 78\nIt ran.", "13 46 79\nIt fell.")


def test_empty_pages_are_left_out():
    assert text_of("", "It ran.", " \n") == "It ran."
    assert join_pages([]) == ("", "")
