"""Read tables of cases: a JSON object a line, in a file next to the test that uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def read_cases(test_file: str, name: str) -> list[Any]:
    """Return the cases of a table as pytest parameters; the key ``why`` names a case.

    A case with the key ``missed`` is known to fail; its test fails when it passes.

    Args:
        test_file: ``__file__`` of the test.
        name: of the table, without ``.jsonl``.
    """
    path = Path(test_file).with_name(f"{name}.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    missed = pytest.mark.xfail(strict=True)
    return [
        pytest.param(case, id=case.get("why"), marks=[missed] if case.get("missed") else [])
        for case in cases
    ]
