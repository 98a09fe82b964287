"""Templates escape every value, and miss none."""

import pytest
from jinja2 import UndefinedError

from qa_bot.web.renderer import render


def test_line_breaks_of_a_template_are_left_out_and_those_of_a_value_kept():
    assert render("partial.html", text="a\n  b") == (
        '<div class="qb-card"><p class="qb-text">a\n  b</p></div>'
    )


def test_values_are_escaped():
    assert "&lt;b&gt; &#34;&amp;&#39;" in render("notice.html", message="<b> \"&'")


def test_a_value_that_is_not_given_is_an_error():
    with pytest.raises(UndefinedError, match="message"):
        render("notice.html")
