"""What is asked of all languages at once: which one a path or a source is in, and conventions by their names."""

from __future__ import annotations

from collections.abc import Iterator

from codetune_git.domain import LineRange, Refusal, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.known import LANGUAGES
from codetune_git.languages.language import Language
from codetune_git.languages.paths import NO_LANGUAGE, suffix_of
from codetune_git.text.admission import admitted
from codetune_git.text.assumptions import Proof
from codetune_git.text.source import Source

CATALOGUE: tuple[Convention, ...] = tuple(each for language in LANGUAGES for each in language.catalogue)
VERSIONS: tuple[str, ...] = tuple(language.version for language in LANGUAGES)
RECORDED: str = "+".join(VERSIONS)  # what an adapter was counted by

_READ = tuple(each for language in LANGUAGES for each in (language, *language.dialects))
_BY_GRAMMAR = {(language.name, language.grammar.wheel): language for language in _READ}
_VERSION_OF = {language.name: version for language, version in zip(LANGUAGES, VERSIONS, strict=True)}
_BY_SUFFIX = {suffix: language for language in _READ for suffix in language.grammar.suffixes}
_CONVENTIONS = {convention.name: convention for convention in CATALOGUE}
_FAMILIES = {
    convention.name: family
    for language in LANGUAGES
    for family, conventions in language.families.items()
    for convention in conventions
}


def language_of(path: str) -> Language | None:
    """The language, or the dialect of one, by the end of a file's name; None where it is none that is read."""
    return _BY_SUFFIX.get(suffix_of(path))


def version_at(path: str) -> str:
    """The version of the catalogue that counts a file; "" where its path is in no language that is read."""
    language = language_of(path)
    return "" if language is None else _VERSION_OF[language.name]


def counted_alike(path: str, recorded: str) -> bool:
    """Whether the catalogue that counts a file is one of those that an adapter was counted by."""
    return version_at(path) in recorded.split("+")


def language_in(source: Source) -> Language:
    """The language, or the dialect of one, that `source` was parsed in."""
    return _BY_GRAMMAR[source.grammar.name, source.grammar.wheel]


def parsed(path: str, text: bytes) -> Source | None:
    """A decoded text as a source; None where its path is in no language that is read."""
    language = language_of(path)
    return None if language is None else Source.parse(text, language.grammar)


def admitted_at(path: str, content: bytes, near: LineRange | None = None) -> Source | Refusal:
    """The parsed content of a file, or a refusal; `near`: with the nodes of these lines only."""
    language = language_of(path)
    return NO_LANGUAGE if language is None else admitted(content, language.grammar, near)


def verify(path: str, before: bytes, after: bytes) -> Proof | None:
    """What is proven about two texts of the file; None where one does not parse or no language is known."""
    language = language_of(path)
    return None if language is None else language.verify(before, after)


def sites(source: Source) -> Iterator[Site]:
    """The sites of all conventions of its language, but those that a comment for a tool silences."""
    return language_in(source).sites(source)


def kinds_named(name: str) -> frozenset[str]:
    """The kinds that a user means by `language/name`, or by a name alone: of every language that has one so called.

    The kinds of Python are written without their language, as they were before there were others.
    """
    return frozenset(
        convention.name
        for language in LANGUAGES
        for convention in language.catalogue
        if name in {bare := convention.name.rpartition("/")[2], convention.name, f"{language.name}/{bare}"}
    )


def by_name(name: str) -> Convention:
    """The convention of that name; raises KeyError where there is none."""
    return _CONVENTIONS[name]


def _kind(name: str) -> Convention:
    """The convention of that name, or one without sites for a kind that is none: what the model writes by itself."""
    return _CONVENTIONS.get(name) or Convention(name, "", (), lambda _: iter(()), lambda *_: None)


def usual(name: str) -> str:
    """What nearly all houses write; "" where they differ, or there is no such convention."""
    return _kind(name).usual


def decisive(name: str) -> int:
    """How many words of a context sites must share to say anything about each other."""
    return _kind(name).decisive


def phrase(name: str, variant: str) -> str:
    """How code reads that writes the convention as `variant`, in plain words; "" for no convention's "" variant."""
    return _kind(name).phrase(variant)


def judged_as(name: str, staged: str, proposed: str) -> str:
    """The name under which it is judged how often such a proposal is right; `name` for no convention's."""
    return _kind(name).judged_as(staged, proposed)


def family_of(name: str) -> str:
    """The family of the convention that is judged under that name; "" where there is none."""
    return _FAMILIES.get(name.partition("=")[0], "")
