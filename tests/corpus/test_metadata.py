import pytest


def test_stated_date_that_cannot_be_read_is_named(read):
    (article,), (note,) = read("a.md", "---\ndate: next week\n---\nRain fell.")
    assert article.published is None
    assert note.reason == "its date cannot be read: 'next week'" and not note.skipped


def test_front_matter_may_follow_a_blank_line(read):
    for before in ("\n", " \n\n", "\ufeff", "\ufeff\n"):
        (article,), _ = read("a.md", f"{before}---\ntitle: Rain\n---\nIt fell.")
        assert article.title == "Rain"


def test_stated_date_after_today_is_named(read):
    (article,), (note,) = read("a.md", "---\ndate: 2199-03-01\n---\nRain fell.")
    assert article.published is None
    assert note.reason == "its date is after today: '2199-03-01'" and not note.skipped


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("All news\n\nFerry runs again\n\nIt ran.", "Ferry runs again"),
        (" date 2021-12-29 The president met him. Then", "The president met him"),
        ("SALTMERE, March 3 (Wire) — The ferry ran. It was late.", "The ferry ran"),
        ("# A heading\n\nText.", "A heading"),
        ("\n\n  A line  \nText.", "A line"),
        ("---\nA line\n\nText.", "A line"),
        ("x" * 3_000, f"{'x' * 160}…"),
    ],
)
def test_title_is_found_in_the_text(read, text, title):
    assert read("a.txt", text)[0][0].title == title
