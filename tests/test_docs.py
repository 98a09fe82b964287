"""The documentation is run, checked and generated."""

import json
import re
import subprocess
import sys

import pytest
from making import ROOT

import qa_bot.errors
from qa_bot import RefusalReason
from qa_bot.cli import parser
from qa_bot.cli.commands import ANSWERED, DECLINED, ERROR, USAGE
from qa_bot.corpus import KINDS
from qa_bot.settings import settings_table

PAGES = [
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not {".venv", "build", "dist", "articles", "node_modules"} & set(path.parts)
    and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
GENERATED = [path for path in PAGES if "[[[cog" in path.read_text(encoding="utf-8")]


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


def headings(path):
    """Return the anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_python_examples_run(page):
    (block,) = re.findall(r"```python\n(.*?)```", read(page), re.DOTALL)
    exec(compile(block, page, "exec"), {})


def test_readme_is_short():
    assert len(read("README.md").splitlines()) <= 120


def test_every_setting_is_documented():
    text = read("docs/configuration.md")
    assert [row.name for row in settings_table() if f"| `{row.name}` |" not in text] == []


def test_every_exit_code_is_documented():
    text = read("docs/cli.md")
    codes = {ANSWERED, ERROR, USAGE, DECLINED}
    assert [code for code in codes if f"\n| {code} | " not in text] == []


def test_every_command_is_documented():
    (group,) = parser()._subparsers._group_actions
    text = read("docs/cli.md")
    assert [
        name for name in group.choices if not re.search(rf"qa-bot {name}\b|`{name}`", text)
    ] == []


def test_every_refusal_reason_is_documented():
    text = read("docs/http-api.md")
    assert [reason for reason in RefusalReason if f"| `{reason}` |" not in text] == []


def test_every_field_of_an_answer_is_documented():
    text = read("docs/http-api.md")
    answer = json.loads(read("tests/golden/answer.json"))
    assert [name for name in answer if f'"{name}"' not in text and f"`{name}`" not in text] == []


def test_every_template_variable_is_documented():
    text = read("prompts/README.md")
    for template in (ROOT / "prompts").glob("*.txt"):
        (row,) = re.findall(rf"^\| `{template.name}` \|.*$", text, re.MULTILINE)
        names = set(re.findall(r"\$(\w+)", template.read_text(encoding="utf-8")))
        assert {name for name in names if f"`{name}`" not in row} == set()


def test_every_ending_of_an_article_is_documented():
    text = read("index/README.md")
    assert [ending for ending in KINDS if f"`{ending}`" not in text] == []


def test_every_package_is_on_the_map():
    text = read("docs/architecture.md")
    tops = [path for path in (ROOT / "qa_bot").iterdir() if not path.name.startswith(("_", "."))]
    names = [f"{path.name}/" if path.is_dir() else path.name for path in tops]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_errors_are_documented():
    text = read("docs/python.md")
    names = [name for name in vars(qa_bot.errors) if name.endswith("Error")]
    assert [name for name in names if name not in text] == []


def test_every_error_is_in_the_tree():
    names = [name for name in vars(qa_bot.errors) if name.endswith("Error")]
    assert [name for name in names if name not in qa_bot.errors.__doc__] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in link:
            target, _, anchor = link.partition("#")
            path = page.parent / target if target else page
            assert path.exists(), link
            assert not anchor or anchor in headings(path), link


@pytest.mark.parametrize("page", GENERATED, ids=lambda page: str(page.relative_to(ROOT)))
def test_generated_parts_are_current(page):
    cog = [sys.executable, "-m", "cogapp", "--check", "-I", "eval", str(page.relative_to(ROOT))]
    done = subprocess.run(cog, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_make_targets_of_a_page_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^make (\S+)", read(page), re.MULTILINE)) <= targets


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


def test_no_page_has_a_figure_left_to_fill_in():
    pages = [*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("*/*/*.md")]
    open_figures = {
        page.name: found
        for page in pages
        if (found := re.findall(r"@[A-Z]+[0-9]*@", page.read_text(encoding="utf-8")))
    }
    assert open_figures == {}
