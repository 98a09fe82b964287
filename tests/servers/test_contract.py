"""What holds for an index in a folder holds for one on servers: the very same tests."""

from tests.index import test_concurrency, test_passage_index
from tests.news import test_duplicates

filled = test_passage_index.filled

# Of an index in a folder alone: its files, its lock, its repair.
_OF_FILES = {
    "test_index_without_its_vectors_file_is_the_same",
    "test_index_of_another_making_is_refused",
    "test_folder_without_an_index_is_refused",
    "test_second_writer_gets_a_clear_error",
    "test_open_index_that_was_replaced_says_so",
    "test_folder_name_with_signs_of_an_address_is_a_folder",
    "test_seal_is_written_and_whole",
    "test_vectors_of_another_past_are_not_used",
    "test_a_repair_brings_older_versions_over",
    # makes several indexes with one setting
    "test_index_made_with_other_chunks_opens_as_it_is",
    "test_two_writing_processes_lose_nothing",
    "test_a_model_free_build_of_copies_stays_quick",
}


def _named(module):
    wanted = (n for n in vars(module) if n.startswith("test_") and n not in _OF_FILES)
    return {name: getattr(module, name) for name in wanted}


globals().update(_named(test_passage_index) | _named(test_duplicates) | _named(test_concurrency))
