"""Vectors by key, searched by inner product: FAISS (``faiss``, ``local``) or Milvus (``milvus``).

They follow the store, which says which passages there are.
"""

from __future__ import annotations

from qa_bot.index.vectors.backends import StoreVectors, VectorIndex, open_vectors
from qa_bot.index.vectors.local import LocalVectors

__all__ = ["LocalVectors", "StoreVectors", "VectorIndex", "open_vectors"]
