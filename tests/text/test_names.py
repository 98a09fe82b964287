"""Proper names in any Latin script; the cases are in names.jsonl."""

import re

import pytest
from cases import read_cases

from qa_bot.text.names import LOWER, NAME, UPPER


@pytest.mark.parametrize("case", read_cases(__file__, "names"))
def test_text_has_the_names_that_the_table_states(case):
    found = [match[0].rstrip(".") for match in re.finditer(rf"\b{NAME}", case["text"])]
    assert found == case["names"]


def test_every_letter_has_one_case():
    letters = "AZÀÞĄŁŞİŽƏȘẞỆĐÐßþąłışžəșệđ"
    upper = "".join(letter for letter in letters if re.fullmatch(UPPER, letter))
    assert upper == "AZÀÞĄŁŞİŽƏȘẞỆĐÐ"
    assert all(bool(re.fullmatch(LOWER, one)) != (one in upper) for one in letters)


@pytest.mark.parametrize("sign", ["×", "÷", "ª", "_", "7", "Я", "Ω"])
def test_signs_and_other_scripts_are_no_latin_letters(sign):
    assert not re.fullmatch(UPPER, sign) and not re.fullmatch(LOWER, sign)
