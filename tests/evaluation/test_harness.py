import json
from pathlib import Path

from scored_examples import run


def test_run_that_was_stopped_continues_where_it_was(folder, tmp_path, capsys):
    assert run(folder, tmp_path, "--accept", str(tmp_path / "base.json")) == 0
    assert "tiny, 2 questions" in capsys.readouterr().out
    first = json.loads((tmp_path / "out" / "report.json").read_text())
    (answers,) = (tmp_path / "out").glob("answers-*.jsonl")
    lines = answers.read_text().splitlines()
    answers.write_text(lines[0] + "\n" + lines[1][:20])  # killed while it wrote the second
    assert run(folder, tmp_path, "--check", str(tmp_path / "base.json")) == 0
    again = json.loads((tmp_path / "out" / "report.json").read_text())
    assert again["figures"] == first["figures"]
    assert [json.loads(line)["id"] for line in answers.read_text().splitlines()] == ["1", "2"]
    assert first["figures"]["contains answer"]["mean"] == 1.0
    assert first["figures"]["declined when it should"]["mean"] == 1.0


def test_sweep_runs_every_combination_on_one_index(folder, tmp_path, capsys):
    assert run(folder, tmp_path, "--set", "k=1,2", "--set", "dense_weight=0,1") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5 and lines[1].startswith("embedder=hashing-256")
    assert "1.000 (1.000..1.000)" in lines[1]
    assert len(list(Path("eval-runs").glob("index-*"))) == 1
