"""The real program, served in a process of its own."""

import pytest
from serving import serving

from qa_bot import QABot


@pytest.fixture(scope="session")
def served_index(tmp_path_factory):
    """The folder of the index that is served."""
    index = tmp_path_factory.mktemp("server") / "index"
    QABot.build(index=index).close()
    return index


@pytest.fixture(scope="session")
def server(served_index):
    """The address of the real program."""
    with serving(served_index, "--allow-private") as address:
        yield address
