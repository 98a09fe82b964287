"""How the shipped reader and grounding models were made, again from the same data."""
