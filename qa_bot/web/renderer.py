"""The HTML of the page, rendered from templates that escape every value."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension

_LINE_BREAK = re.compile(r"\n\s*")


class _Layout(Extension):
    """Removes line breaks and indentation from a template: they are for its readers only."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the template in one line; values keep their white space."""
        return _LINE_BREAK.sub("", source)


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    extensions=[_Layout],
)


def render(template: str, **values: object) -> str:
    """Return the HTML of a template.

    Raises:
        jinja2.UndefinedError: the template uses a value that is not given.
    """
    return _ENVIRONMENT.get_template(template).render(values)
