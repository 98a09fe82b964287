"""A small data set."""

import json

import pytest
from scored_examples import TEXT


@pytest.fixture
def folder(tmp_path):
    """A BEIR folder of two questions."""
    made = tmp_path / "tiny"
    (made / "qrels").mkdir(parents=True)
    (made / "corpus.jsonl").write_text(json.dumps({"_id": "a", "title": "Ferry", "text": TEXT}))
    queries = [
        {"_id": "1", "text": "Where did the ferry sink?", "answers": [["bay"]]},
        {"_id": "2", "text": "Who governs Zanzibar?", "answerable": False},
    ]
    (made / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    (made / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t2\n")
    return made
