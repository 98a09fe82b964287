from qa_bot.text.tokens import count_tokens


def test_tokens_are_those_of_cl100k_base():
    assert [count_tokens(text) for text in ("", "Hello world", "Geneva, 16 June 2021")] == [0, 2, 9]


def test_special_tokens_count_as_plain_text():
    assert count_tokens("<|endoftext|>") > 1
