"""The published schemas accept what is rendered, where a copy of them is at hand (see schemas/README.md)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from report.staged_cases import cases, report
from support.suggestions import suggestion

from codetune_git.domain import Findings, Skipped, Suggestion
from codetune_git.report.formats import render

SCHEMAS = Path(__file__).parent / "schemas"
SKIPPED = (Skipped("a b:c.py", "binary"), Skipped("\udcff.py", "does not parse {0}", 3))


def check(schema: str, document: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    if not (SCHEMAS / schema).exists():
        pytest.skip(f"no copy of {schema}")
    known = json.loads((SCHEMAS / schema).read_text())
    jsonschema.validators.validator_for(known)(known).validate(json.loads(document))


@pytest.mark.parametrize(
    ("name", "schema"),
    [("sarif", "sarif-schema-2.1.0.json"), ("rdjson", "rdjson-DiagnosticResult.json")],
)
class TestSchemas:
    def test_nothing_found(self, name: str, schema: str) -> None:
        check(schema, render(report(Findings((), (), "", ""), {}), name))

    @given(case=cases("ü b\n.py"))
    def test_anything_found(self, name: str, schema: str, case: tuple[bytes, tuple[Suggestion, ...]]) -> None:
        content, found = case
        unnamed = suggestion("\udcff.py", 1, ["\udcfe"], [])
        contents = {"ü b\n.py": content, "\udcff.py": b"\xfe"}
        check(schema, render(report(Findings((*found, unnamed), SKIPPED, "a", "b"), contents), name))
