import json

from scored_examples import run


def test_report_is_one_page_that_shows_failures_in_their_articles(folder, tmp_path):
    queries = folder / "queries.jsonl"
    wrong = {"_id": "3", "text": "When did the ferry <sink>?", "answers": [["1842"]]}
    queries.write_text(queries.read_text() + "\n" + json.dumps(wrong))
    assert run(folder, tmp_path) == 0
    page = (tmp_path / "out" / "report.html").read_text()
    assert "://" not in page and "<script" not in page
    assert "When did the ferry &lt;sink&gt;?" in page
    assert "<mark>The ferry sank in the bay on Tuesday.</mark> All were saved." in page
    assert page.count("<polyline") == 3 and page.count("<rect") == 24
    assert "answer_threshold" in page and "MB at most" in page
