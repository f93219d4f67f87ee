from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import codetune_git.languages.python.conventions as catalogue
from codetune_git.languages import shared
from codetune_git.languages.convention import Convention
from codetune_git.languages.known import LANGUAGES
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.python.language import PYTHON
from codetune_git.languages.table import CATALOGUE, VERSIONS, by_name, sites
from codetune_git.text.source import Source


def test_names_and_variants_are_unique() -> None:
    assert max(Counter(convention.name for convention in CATALOGUE).values()) == 1
    for language in LANGUAGES:
        assert max(Counter(convention.title for convention in language.catalogue).values()) == 1
    for convention in CATALOGUE:
        assert len(set(convention.variants)) == len(convention.variants) >= 2


def test_every_family_is_collected() -> None:
    defined = set()
    for path in (*Path(catalogue.__file__).parent.rglob("*.py"), *Path(shared.__file__).parent.rglob("*.py")):
        targets = (
            *(node.targets[0] for node in ast.parse(path.read_text()).body if isinstance(node, ast.Assign)),
            *(node.target for node in ast.parse(path.read_text()).body if isinstance(node, ast.AnnAssign)),
        )
        if any(isinstance(target, ast.Name) and target.id == "CONVENTIONS" for target in targets):
            defined.add(path.stem)
    assert set(catalogue.FAMILIES) | {"members", "spacing"} == defined  # for those Python has its own


def test_conventions_are_found_by_name() -> None:
    assert [by_name(convention.name) for convention in CATALOGUE] == list(CATALOGUE)
    with pytest.raises(KeyError):
        by_name("no such convention")


def test_sites_are_those_of_all_conventions() -> None:
    source = Source.parse(b"import os\n\n\ndef f(a, b):\n    return os.path.join(a, 'x') == b\n", GRAMMAR)
    found = list(sites(source))
    assert found == [site for convention in PYTHON.catalogue for site in convention.sites(source)]
    assert len({site.convention for site in found}) > 3


def test_the_version_changes_with_names_and_variants_only() -> None:
    def version(conventions: Sequence[Convention], revision: int = PYTHON.revision) -> str:
        return replace(PYTHON, families={"all": tuple(conventions)}, revision=revision).version

    first, *others = PYTHON.catalogue
    assert version([first, *others]) == version([*others, first]) == PYTHON.version == VERSIONS[0]
    changed = [replace(first, name="other"), replace(first, variants=(*first.variants, "other"))]
    versions = {version([one, *others]) for one in changed} | {version(others), VERSIONS[0]}
    assert len(versions | {version([first, *others], PYTHON.revision + 1)}) == 5
    assert version([replace(first, title="Other"), *others]) == VERSIONS[0]
