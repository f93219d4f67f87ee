from __future__ import annotations

import pytest

from codetune_git.domain import REWRITE
from codetune_git.errors import UsageError
from codetune_git.languages.table import CATALOGUE, kinds_named
from codetune_git.pipelines.kinds import wanted

ALL = {REWRITE, *(convention.name for convention in CATALOGUE)}


def test_nothing_asked_for_is_everything() -> None:
    assert wanted(()) == ALL
    assert wanted((), ("quotes", "no such")) == ALL - {"quotes", "javascript/quotes"}


def test_a_name_with_and_without_its_language() -> None:
    assert wanted(("quotes",)) == {"quotes", "javascript/quotes"}
    assert wanted(("python/quotes",)) == {"quotes"}
    assert wanted((REWRITE, "python/quotes")) == {REWRITE, "quotes"}
    assert wanted((), ("python/quotes",)) == ALL - {"quotes"}
    assert kinds_named("other/quotes") == frozenset()


@pytest.mark.parametrize("name", ["no such", "other/quotes", "python/", ""])
def test_an_unknown_kind(name: str) -> None:
    with pytest.raises(UsageError, match="no suggestion is of the kind"):
        wanted((name,))


def test_no_two_conventions_have_the_same_name() -> None:
    assert len({convention.name for convention in CATALOGUE}) == len(CATALOGUE)
