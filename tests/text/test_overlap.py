from qa_bot.text.overlap import coverage, overlap_coefficient


def test_overlap_is_the_share_of_the_smaller_set():
    assert overlap_coefficient({1, 2, 3, 4}, {3, 4}) == overlap_coefficient({3, 4}, {1, 2, 3, 4})
    assert overlap_coefficient({1, 2, 3, 4}, {3, 9}) == 0.5
    assert overlap_coefficient(set(), {1}) == overlap_coefficient(set(), set()) == 0


def test_coverage_is_the_share_of_the_first_set():
    assert coverage({1, 2, 3, 4}, {3, 4, 9}) == 0.5
    assert coverage({1}, set()) == 0 and coverage(set(), {1}) == 1
