"""An index on servers keeps the contract of an index in a folder: the very same tests."""

from importlib import import_module

MODULES = [
    import_module(f"tests.{name}")
    for name in (
        "index.test_passage_index",
        "index.test_filters",
        "index.test_derived_data",
        "index.test_catalogue",
        "index.test_concurrency",
        "index.store.test_transaction",
        "news.test_duplicates",
    )
]
FIXTURES = {"filled", "ferries", "older"}
# Of an index in a folder alone: its files, its repair; several indexes with one setting.
OF_FILES = {
    "test_index_without_its_vectors_file_is_the_same",
    "test_index_of_another_making_is_refused",
    "test_folder_without_an_index_is_refused",
    "test_index_made_with_other_chunks_opens_as_it_is",
    "test_two_writing_processes_lose_nothing",
}
globals().update(
    {
        name: value
        for module in MODULES
        for name, value in vars(module).items()
        if name in FIXTURES or (name.startswith("test_") and name not in OF_FILES)
    }
)
