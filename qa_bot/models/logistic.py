"""The logistic function, which turns log odds into a probability."""

from __future__ import annotations

import math

_LARGEST_LOGIT = 60.0  # e⁶⁰ is far from overflow, and the result is within 10⁻²⁶ of 0 or 1


def sigmoid(logit: float) -> float:
    """Return 1 / (1 + e^−x), 0..1, for any x.

    >>> sigmoid(0.0), sigmoid(1000.0)
    (0.5, 1.0)
    """
    return 1 / (1 + math.exp(-max(-_LARGEST_LOGIT, min(_LARGEST_LOGIT, logit))))
