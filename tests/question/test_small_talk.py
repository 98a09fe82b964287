"""Small talk asks nothing of any article; a question to the news may begin or end like it."""

import pytest

from qa_bot.question.small_talk import (
    is_chat_program_prompt,
    is_small_talk,
    without_courtesies,
)

_TITLE = (
    "### Task: Generate a concise, 3-5 word title with an emoji summarizing the chat history. "
    "<chat_history> USER: Why was the bridge late? </chat_history>"
)
_TAGS = "Generate 1-3 broad tags categorizing the main themes of the chat history. Output: JSON."
_CONDENSE = (
    "Given the following conversation and a follow up question, rephrase the follow up question "
    "to be a standalone question. Chat History: Human: Was it approved? Follow Up Input: when"
)


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "heyyyy",
        "Good morning!",
        "hello there, how are you today?",
        "thx",
        "ok cool thanks, bye",
        "that's not what I asked",
        "this is useless",
        "who are you?",
        "what can you do",
        "what kind of questions can I ask here",
        "are you a robot",
        "help",
        "tell me a joke",
        "write a poem about cats",
        "sing me a song",
        "test",
        "?",
        "👍👍",
        _TITLE,
        _TAGS,
        _CONDENSE,
    ],
)
def test_small_talk(text):
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "who helped the sailors?",
        "what did the mayor thank the volunteers for?",
        "which joke cost the minister his job?",
        "are robots used in the port?",
        "who wrote the poem read at the funeral?",
        "what is the title of the exhibition?",
        "results of the nuclear test",
        "what do you know about the ferry?",
        "can you tell me who the mayor is",
        "Hi, who won?",
        "who said “you are wrong”?",
        "what did he welcome?",
        "who is welcome?",
        "and why?",
        "how many?",
        "when was that",
        "what's new",
        "really? who says so",
        "Wołczyk",
        "strike?",
        "1911",
        "Do the new images show damage?",
        "Show me the pictures of the fire",
        "Was the chatbot wrong?",
        "Did the champion give up his title after the conversation with the mayor?",
        "which conversation was recorded, and who wrote the summary of it?",
    ],
)
def test_question_is_no_small_talk(text):
    assert not is_small_talk(text)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Hi, who won the vote?", "who won the vote?"),
        ("Good morning! Great, thanks. Who won?", "Who won?"),
        ("That's not what I asked. How much was it?", "How much was it?"),
        ("names of the injured, please", "names of the injured"),
        ("Who won, thanks?", "Who won?"),
        ("Nice, France: who was hurt?", "Nice, France: who was hurt?"),
        ("Hello Kitty sued whom?", "Hello Kitty sued whom?"),
        ("Thanks to whom was he saved?", "Thanks to whom was he saved?"),
        ("hi", "hi"),
    ],
)
def test_greeting_and_thanks_around_a_question_are_left_out(typed, asked):
    assert without_courtesies(typed) == asked


def test_prompt_of_a_chat_program_is_known_by_its_request_and_its_transcript():
    assert is_chat_program_prompt(_TITLE)
    assert not is_chat_program_prompt("Who gave the conversation its title?")
    assert not is_chat_program_prompt("Generate a title")
