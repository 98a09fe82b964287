"""Local models: the embedder, the cross-encoder, and the weights of both.

The models read plain texts: they have no knowledge of news, questions or answers.
"""

from __future__ import annotations

from qa_bot.models.batching import batches_by_length
from qa_bot.models.cross_encoder import BATCH_PIECES, CrossEncoder, Window
from qa_bot.models.embedder import Embedder, PublishedEmbedder, load_embedder
from qa_bot.models.logistic import sigmoid
from qa_bot.models.parallel import spread_embedder
from qa_bot.models.runtime import has_bfloat16
from qa_bot.models.weights import BUNDLED_MODEL, prefer_large, weights_folder

__all__ = [
    "BATCH_PIECES",
    "BUNDLED_MODEL",
    "CrossEncoder",
    "Embedder",
    "PublishedEmbedder",
    "Window",
    "batches_by_length",
    "has_bfloat16",
    "load_embedder",
    "prefer_large",
    "sigmoid",
    "spread_embedder",
    "weights_folder",
]
