"""`git codetune languages`: what is read, and what can be said of each. Knows the table; opens no repository."""

from __future__ import annotations

from codetune_git.errors import UsageError
from codetune_git.languages.convention import Convention
from codetune_git.languages.known import LANGUAGES
from codetune_git.languages.language import Language
from codetune_git.requests import LanguagesRequest


def _suffixes(language: Language) -> str:
    return " ".join(suffix for each in (language, *language.dialects) for suffix in each.grammar.suffixes)


def _variants(convention: Convention) -> str:
    """The ways to write that can be suggested; many are not listed."""
    count = len(convention.variants)
    return f"{count} ways" if count > 5 else "; ".join(map(convention.phrase, convention.variants))


def run(request: LanguagesRequest) -> int:
    """Print a line for each language, or for each convention of one; raises UsageError where it is not known."""
    if not request.language:
        lines = [(each.name, _suffixes(each), f"{len(each.catalogue)} conventions") for each in LANGUAGES]
    else:
        chosen = next((each for each in LANGUAGES if each.name == request.language), None)
        if chosen is None:
            names = ", ".join(each.name for each in LANGUAGES)
            raise UsageError(f"no language {request.language!r}: there are {names}")
        lines = [(each.name, each.title, _variants(each)) for each in chosen.catalogue]
    first, second = (max(len(line[column]) for line in lines) for column in (0, 1))
    for name, middle, last in lines:
        print(f"{name:<{first}}  {middle:<{second}}  {last}")
    return 0
