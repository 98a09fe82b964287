"""The manifest: keys of later versions are kept, a manifest that cannot be read is damage."""

import pytest
from making import make_article

from qa_bot.errors import IndexCorruptError
from qa_bot.index.passage_index import PassageIndex
from qa_bot.models.embedder import HashingEmbedder


def change(index, statement):
    with index._store.writing() as transaction:
        transaction._connection.exec_driver_sql(statement)
    index.finish()


def manifest_rows(index):
    with index._store.reading() as snapshot:
        return dict(snapshot.connection.exec_driver_sql("SELECT key, value FROM manifest").all())


def test_keys_of_a_later_version_are_passed_over_and_kept(index, settings):
    change(index, "INSERT INTO manifest VALUES ('colour', '\"red\"')")
    again = PassageIndex(index.folder, HashingEmbedder(64), settings)
    again.apply([make_article("a")])
    assert manifest_rows(again)["colour"] == '"red"'
    assert manifest_rows(again)["generation"] == "1"
    again.close()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM manifest WHERE key = 'dim'", "'dim'"),
        ("UPDATE manifest SET value = '{' WHERE key = 'dim'", "Expecting"),
        ("UPDATE manifest SET value = '\"x\"' WHERE key = 'rules_version'", "rules_version is 'x'"),
        ("UPDATE manifest SET value = 'null' WHERE key = 'generation'", "generation is None"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_damage(index, settings, statement, reason):
    with pytest.raises(IndexCorruptError):
        change(index, statement)
    with pytest.raises(IndexCorruptError, match=f"its manifest cannot be read .*{reason}"):
        PassageIndex(index.folder, HashingEmbedder(64), settings)
