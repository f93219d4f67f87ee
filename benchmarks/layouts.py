"""Layout in any grammar on a real tree of files: what is found, and random rewrites, proven and taken back.

    python -m benchmarks.layouts FOLDER [--rewrites N] [--seed N]

Reads every file in FOLDER that is in a language of the table. Draws sites, evenly by convention, writes each in a drawn
other variant and asks: is it proven to mean the same, is it found again as that variant, does the way back restore
every byte? Where a list broke where its author liked there is no way back by name; such are counted apart. Printed by
language and convention.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from codetune_git.domain import Site, Verification
from codetune_git.languages.known import LANGUAGES
from codetune_git.languages.language import Language
from codetune_git.languages.paths import refuse_path
from codetune_git.languages.table import by_name
from codetune_git.text.admission import admitted
from codetune_git.text.source import Source, apply_edits

_NEAR = 200  # bytes by which a site may move when it is written otherwise
_OUTCOMES = ("reversible", "one way", "not found again", "not proven")


def sources(folder: Path, language: Language) -> Iterator[Source]:
    """The files of a language that are read at all."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in language.grammar.suffixes and path.is_file():
            relative = path.relative_to(folder).as_posix()
            source = admitted(path.read_bytes(), language.grammar) if refuse_path(relative) is None else None
            if isinstance(source, Source) and not source.has_error:
                yield source


def outcome(language: Language, source: Source, site: Site, variant: str) -> str | None:
    """What becomes of one rewrite; None where it can't be written."""
    convention = by_name(site.convention)
    edits = convention.rewrite(source, site, variant)
    if not edits:
        return None
    after = source.with_text(apply_edits(source.text, edits))
    proof = language.verify(source.text, after.text)
    if proof is None or proof.verification is Verification.UNSAFE:
        return "not proven"
    again = [s for s in convention.sites(after) if s.variant == variant]
    found = min(again, key=lambda s: abs(s.start - site.start), default=None)
    if found is None or abs(found.start - site.start) > _NEAR:
        return "not found again"
    if site.variant not in convention.variants:
        return "one way"
    back = convention.rewrite(after, found, site.variant)
    return "reversible" if back and apply_edits(after.text, back) == source.text else "one way"


def tried(language: Language, places: Sequence[tuple[Source, Site]], most: int, rng: Random) -> Counter[str]:
    """What becomes of `most` rewrites at sites of one convention, each drawn once."""
    outcomes: Counter[str] = Counter()
    for source, site in rng.sample(places, len(places)):
        variants = [other for other in by_name(site.convention).variants if other != site.variant]
        result = outcome(language, source, site, rng.choice(variants))
        outcomes.update([result] if result else [])
        if sum(outcomes.values()) == most:
            break
    return outcomes


def report(language: Language, folder: Path, rewrites: int, seed: int) -> Iterator[str]:
    """The lines of the table about one language; none where the folder has no file of it."""
    files = list(sources(folder, language))
    places: defaultdict[str, list[tuple[Source, Site]]] = defaultdict(list)
    for source in files:
        for site in language.sites(source):
            places[site.convention].append((source, site))
    if not places:
        return
    yield f"{language.name}: {len(files)} files, {sum(map(len, places.values()))} sites"
    rng, total = Random(seed), Counter[str]()
    for convention in language.catalogue:
        some = places.get(convention.name, [])
        outcomes = tried(language, some, max(1, rewrites // len(places)), rng)
        total.update(outcomes)
        shown = ", ".join(f"{outcomes[name]} {name}" for name in _OUTCOMES if outcomes[name])
        yield f"  {convention.name:<30} {len(some):>6} sites: {shown or 'no other way to write it'}"
    yield "  together: " + ", ".join(f"{total[name]} {name}" for name in _OUTCOMES)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--rewrites", type=int, default=1000)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    for language in LANGUAGES:
        for line in report(language, asked.folder, asked.rewrites, asked.seed):
            print(line, flush=True)


if __name__ == "__main__":
    main()
