"""An installed wheel answers questions in a fresh environment, from another folder."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from making import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_the_package_and_the_sample_articles_only(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "qa_bot/_bundled/index/articles/saltmere/2021-05-17-mayor-result.md" in names
    assert {"qa_bot/web/static/page.css", "qa_bot/web/templates/answer.html"} <= set(names)
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"qa_bot"}
    assert not [name for name in names if "store" in name and "sqlite3" in Path(name).suffix]
    assert not [name for name in names if name.endswith(".pyc")]
    assert "qa_bot/_bundled/eval/datasets/sample/queries.jsonl" in names


def test_installed_wheel_answers_from_another_folder(wheel, tmp_path):
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    constraints = str(ROOT / "constraints.txt")
    install = [python, "-m", "pip", "install", "-q", "-c", constraints, str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ask = [python.with_name("qa-bot"), "ask", "Who was elected mayor of Saltmere?", "--json"]
    done = subprocess.run(ask, cwd=elsewhere, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Wołczyk" in json.loads(done.stdout)["text"]
    assert (elsewhere / "index" / "store" / "store.sqlite3").is_file()
