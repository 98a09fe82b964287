"""Models that run in this process: the embedder, the encoder of a pair of texts, their weights.

It knows nothing of news, of questions or of answers.
"""

from __future__ import annotations

from qa_bot.models.cross_encoder import CrossEncoder, Window, batches
from qa_bot.models.embedder import Embedder, SentenceTransformerEmbedder, load_embedder
from qa_bot.models.parallel import spread_embedder
from qa_bot.models.runtime import has_bfloat16
from qa_bot.models.weights import BUNDLED_MODEL, weights_folder

__all__ = [
    "BUNDLED_MODEL",
    "CrossEncoder",
    "Embedder",
    "SentenceTransformerEmbedder",
    "Window",
    "batches",
    "has_bfloat16",
    "load_embedder",
    "spread_embedder",
    "weights_folder",
]
