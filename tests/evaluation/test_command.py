from qa_bot.evaluation.command import main


def test_wrong_call_is_one_sentence(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "is no data set" in capsys.readouterr().err
