"""What is particular to one programming language, as one value. Knows its parts; does not know which there are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from types import ModuleType

from codetune_git.domain import LineRange, Refusal, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.silenced import Silenced
from codetune_git.text.assumptions import Proof
from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source

NATIVE = "python"  # its conventions were there first: they are called as people know them, without their language


def qualified(language: str, name: str) -> str:
    """What the convention `name` of a language is called where those of all languages are counted and shown."""
    return name if language == NATIVE else f"{language}/{name}"


@dataclass(frozen=True, slots=True)
class Language:
    """A language that is read, counted and rewritten.

    `families` are its conventions by the name of their family; their names are `language/name`, so that no other
    language has them. `revision` rises whenever a convention finds or rewrites
    its sites differently: counts are cached under `version`.
    `verify(before, after)` says what is proven about two whole texts, None where one does not parse.
    `unprovable` gives the reason why it says nothing about a text, or None.
    `silenced` reads the comments that tell tools to leave lines alone. `dialects` are the same language in other
    grammars, for files with other suffixes: one house's conventions, counted together.
    """

    grammar: Grammar
    revision: int
    families: Mapping[str, tuple[Convention, ...]]
    verify: Callable[[bytes, bytes], Proof | None]
    unprovable: Callable[[bytes], Refusal | None]
    silenced: Callable[[Source], Silenced]
    dialects: tuple[Language, ...] = ()

    @property
    def name(self) -> str:
        return self.grammar.name

    @property
    def catalogue(self) -> tuple[Convention, ...]:
        return tuple(chain.from_iterable(self.families.values()))

    @property
    def version(self) -> str:
        """A digest of the catalogue: names, variants and revision."""
        names = [f"{convention.name}={'|'.join(convention.variants)}" for convention in self.catalogue]
        return sha256("\n".join([str(self.revision), *sorted(names)]).encode()).hexdigest()[:16]

    def sites(self, source: Source) -> Iterator[Site]:
        """The sites of all conventions, one convention after another, but those that a comment for a tool silences.

        Where a tool was told to leave lines alone, they are no evidence of how the house writes, either.
        """
        found = chain.from_iterable(convention.sites(source) for convention in self.catalogue)
        hidden = self.silenced(source)
        if not hidden.lines:
            yield from found
            return
        lines = [line for line in sorted(hidden.lines) if line <= len(source.line_starts)]
        spans = [source.span_of(LineRange(line, line)) for line in lines]
        starts = [start for start, _ in spans]
        for site in found:
            last = bisect_right(starts, max(site.start, site.end - 1)) - 1  # most sites are far from any such line
            is_near = last >= 0 and spans[last][1] >= site.start
            if not is_near or not hidden.covers(source.lines_of(site.start, site.end), site.convention):
                yield site


def families(
    *modules: ModuleType, phrases: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, tuple[Convention, ...]]:
    """The `CONVENTIONS` of each module, by the last part of its name, with the phrases of each one's variants."""
    named = {
        module.__name__.rpartition(".")[2]: tuple(
            replace(each, phrases=(phrases or {}).get(each.name, each.phrases)) for each in module.CONVENTIONS
        )
        for module in modules
    }
    if len(named) < len(modules):
        raise ValueError("two families of one name")
    return named
