"""Vector search by inner product: FAISS (``faiss``, ``local``) or Milvus (``milvus``, ``shared``).

The vectors follow the store, which knows the passages that exist.
"""

from __future__ import annotations

from qa_bot.index.vectors.backends import StoreVectors, VectorIndex, open_vectors
from qa_bot.index.vectors.local import LocalVectors

__all__ = ["LocalVectors", "StoreVectors", "VectorIndex", "open_vectors"]
