"""The comparatives of English, each with the question for the figure that it compares."""

from __future__ import annotations

LARGER = {
    "older": "how old", "longer": "how long", "bigger": "how big", "larger": "how large",
    "higher": "how high", "taller": "how tall", "faster": "how fast", "heavier": "how heavy",
    "wider": "how wide", "deeper": "how deep", "later": "when", "last": "when",
    "more expensive": "how expensive", "dearer": "how expensive", "costlier": "how expensive",
    "greater": "how great", "hotter": "how hot", "stronger": "how strong", "warmer": "how warm",
}  # fmt: skip
SMALLER = {
    "younger": "how old", "shorter": "how long", "smaller": "how big", "lower": "how high",
    "slower": "how fast", "lighter": "how heavy", "narrower": "how wide", "shallower": "how deep",
    "earlier": "when", "sooner": "when", "first": "when", "cheaper": "how expensive",
    "less expensive": "how expensive", "colder": "how cold",
}  # fmt: skip
FIGURES = LARGER | SMALLER
