"""A question in another language is told from one with foreign names or slips."""

import pytest

from qa_bot.question.language import is_foreign


@pytest.mark.parametrize(
    "question",
    [
        "Wer hat die Wahl gewonnen, und warum?",
        "Pourquoi le pont est-il fermé ?",
        "¿Quién ganó las elecciones?",
        "Kto został burmistrzem?",
        "ile kosztuje remont mostu",
        "Почему закрыли мост?",
        "港の火事で何人がけがをしましたか",
        "من فاز في الانتخابات؟",
    ],
)
def test_other_languages(question):
    assert is_foreign(question, {"bridge"})


@pytest.mark.parametrize(
    "question",
    [
        "Who is Jürgen Großmann suing?",
        "what did Señor Peña say about São Paulo",
        "why was Þórunn Jónsdóttir's ship detained",
        "Does ivermectin cure covid?",
        "Is the coelacanth extinct?",
        "covid lockdown",
        "Wildfire evacuations",
        "Wołczyk",
        "ferry",
        "",
        "1911?",
    ],
)
def test_english(question):
    assert not is_foreign(question, {"bridge"})


def test_words_of_the_articles_count_as_english():
    assert is_foreign("prezydent miasta spotkanie", ())
    assert not is_foreign("prezydent miasta spotkanie", {"prezydent", "miasta"})
    assert not is_foreign("Почему мост?", {"мост"})
