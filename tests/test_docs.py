"""The documentation is run, and cannot lie."""

import re

import pytest
from making import ROOT

import qa_bot.errors
from qa_bot.settings import settings_table

PAGES = [
    ROOT / name for name in ("README.md", "CONTRIBUTING.md", "index/README.md", "DECISIONS.md")
]


def test_readmes_python_runs(tmp_path):
    block, _ = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    exec(compile(block, "README.md", "exec"), {})


def test_every_setting_is_in_the_readme():
    text = (ROOT / "README.md").read_text()
    assert [row.name for row in settings_table() if f"| `{row.name}` |" not in text] == []


def test_every_error_is_in_the_tree():
    names = [name for name in vars(qa_bot.errors) if name.endswith("Error")]
    assert [name for name in names if name not in qa_bot.errors.__doc__] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_make_targets_of_the_readme_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert (
        set(re.findall(r"^make (\S+)", (ROOT / "README.md").read_text(), re.MULTILINE)) <= targets
    )


def test_sample_articles_are_what_the_readme_says():
    from qa_bot.corpus import Limits, Problem, read_source, scan

    items = [i for s in scan([ROOT / "index/articles"]).sources for i in read_source(s, Limits())]
    assert not [item for item in items if isinstance(item, Problem)]
    places = [item.id.split("/")[0] for item in items]
    assert (places.count("diplomacy"), places.count("saltmere")) == (8, 24)
    for item in items:
        body = item.text.split("---", 2)[2]
        assert 120 <= len(body.split()) <= 350, item.id
        assert item.published and item.published.how == "stated"
        assert ("invented: true" in item.text) == item.id.startswith("saltmere/")
