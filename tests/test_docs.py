"""The documentation is run, checked and generated."""

import re
import subprocess
import sys

import pytest
from making import ROOT

import qa_bot.errors
from qa_bot.settings import settings_names

PAGES = [
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not {".venv", "build", "dist", "articles", "node_modules"} & set(path.parts)
    and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
GENERATED = [path for path in PAGES if "[[[cog" in path.read_text(encoding="utf-8")]


def test_readmes_python_runs(tmp_path):
    block, _ = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    exec(compile(block, "README.md", "exec"), {})


def test_every_setting_is_in_the_readme():
    text = (ROOT / "README.md").read_text()
    assert [name for name in settings_names() if f"| `{name}` |" not in text] == []


def test_every_error_is_in_the_tree():
    names = [name for name in vars(qa_bot.errors) if name.endswith("Error")]
    assert [name for name in names if name not in qa_bot.errors.__doc__] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", GENERATED, ids=lambda page: str(page.relative_to(ROOT)))
def test_generated_parts_are_current(page):
    cog = [sys.executable, "-m", "cogapp", "--check", "-I", "eval", str(page.relative_to(ROOT))]
    done = subprocess.run(cog, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


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


@pytest.mark.parametrize("record", DECISIONS, ids=lambda record: record.stem)
def test_decisions_have_five_headings_on_one_page(record):
    text = record.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert re.fullmatch(rf"# {record.name[:4]}\. [A-Z].*[^.]", lines[0])
    assert re.search(r"^- Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert re.search(r"^- Status: (accepted|superseded by \[\d{4}\]\(\S+\))$", text, re.MULTILINE)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 120


def test_index_of_decisions_names_each_with_its_title():
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    titles = {path.name: path.read_text(encoding="utf-8").split("\n")[0] for path in DECISIONS}
    missing = [
        name
        for name, title in titles.items()
        if f"- [{name[:4]}]({name}) {title.partition('. ')[2]}" not in index
    ]
    assert missing == []
    assert [path.name[:4] for path in DECISIONS] == [
        f"{n:04}" for n in range(1, len(DECISIONS) + 1)
    ]
