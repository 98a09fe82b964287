from qa_bot.evaluation.command import main


def test_wrong_call_is_one_sentence(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "is no data set" in capsys.readouterr().err


def test_baseline_is_no_run_to_compare(tmp_path, capsys):
    (tmp_path / "baseline.json").write_text('{"figures": {}}', encoding="utf-8")
    assert main(["--compare", *[str(tmp_path / "baseline.json")] * 2]) == 2
    assert "has no 'rows'" in capsys.readouterr().err
