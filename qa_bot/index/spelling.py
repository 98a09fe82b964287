"""The spelling of a question by the words of the articles and of everyday English."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa_bot.models import Embedder
from qa_bot.question import correct_spelling, is_foreign, unknown_words
from qa_bot.retrieval import Searchable
from qa_bot.text import english_words, stem, words

Vector = NDArray[np.float32]
_NEAR = 10  # passages near the question, whose words may have been meant


def correct_question(asked: str, embedder: Embedder, search: Searchable) -> tuple[str, Vector]:
    """Return a question with its misspelt words corrected, and its vector.

    A question in another language is left alone.

    Args:
        asked: in one line.
        embedder: embeds the question, and again if it was corrected.
        search: the articles; a word that any of them has is not misspelt.
    """
    vector = embedder.embed([asked])[0]
    unknown = unknown_words(asked, english_words())
    if unknown:
        found = search.document_frequencies([stem(word) for word in unknown])
        unknown = [word for word in unknown if not found[stem(word)]]
    if not unknown:
        return asked, vector
    nearest = search.passages([one.key for one in search.nearest(vector, _NEAR)])
    near = dict.fromkeys(word for one in nearest.values() for word in words(one.text))
    corrected = correct_spelling(asked, unknown, near, english_words())
    if corrected == asked or is_foreign(corrected, near):
        return asked, vector
    return corrected, embedder.embed([corrected])[0]
