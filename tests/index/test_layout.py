"""Every file that an index writes into its folder has its name in the layout."""

from making import make_article

from qa_bot.index.layout import NAMES


def test_an_index_writes_no_file_of_another_name(index):
    index.apply([make_article("a")])
    index.finish(always=True)
    assert {path.name for path in index.folder.iterdir()} <= NAMES
