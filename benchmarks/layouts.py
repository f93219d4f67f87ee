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
from collections.abc import Iterator
from pathlib import Path
from random import Random

from codetune_git.domain import Site, Verification
from codetune_git.languages.convention import Convention
from codetune_git.languages.known import LANGUAGES
from codetune_git.languages.language import Language
from codetune_git.text.admission import admitted
from codetune_git.text.source import Source, apply_edits

_OUTCOMES = ("reversible", "one way", "not found again", "not proven")


def sources(folder: Path, language: Language) -> Iterator[Source]:
    """The files of a language that are read at all."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in language.grammar.suffixes and path.is_file():
            relative = path.relative_to(folder).as_posix()
            source = admitted(path.read_bytes(), language.grammar) if language.refuse_path(relative) is None else ""
            if isinstance(source, Source) and not source.has_error:
                yield source


def outcome(language: Language, convention: Convention, source: Source, site: Site, variant: str) -> str | None:
    """What becomes of one rewrite; None where it can't be written."""
    edits = convention.rewrite(source, site, variant)
    if not edits:
        return None
    after = source.with_text(apply_edits(source.text, edits))
    proof = language.verify(source.text, after.text)
    if proof is None or proof.verification is Verification.UNSAFE:
        return "not proven"
    near = [s for s in convention.sites(after) if s.variant == variant and s.start <= site.start + 200 >= site.start]
    found = min(near, key=lambda s: abs(s.start - site.start), default=None)
    if found is None:
        return "not found again"
    if site.variant not in convention.variants:
        return "one way"
    back = convention.rewrite(after, found, site.variant)
    return "reversible" if back and apply_edits(after.text, back) == source.text else "one way"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--rewrites", type=int, default=1000)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    for language in LANGUAGES:
        rng = Random(asked.seed)
        files = list(sources(asked.folder, language))
        found: defaultdict[str, list[tuple[Source, Site]]] = defaultdict(list)
        for source in files:
            for site in language.sites(source):
                found[site.convention].append((source, site))
        if not found:
            continue
        print(f"{language.name}: {len(files)} files, {sum(map(len, found.values()))} sites")
        total: Counter[str] = Counter()
        each = max(1, asked.rewrites // len(found))
        for convention in language.catalogue:
            some = found.get(convention.name, [])
            outcomes: Counter[str] = Counter()
            for source, site in rng.sample(some, len(some)):
                variant = rng.choice([other for other in convention.variants if other != site.variant])
                result = outcome(language, convention, source, site, variant)
                outcomes.update([result] if result else [])
                if sum(outcomes.values()) == each:
                    break
            total.update(outcomes)
            shown = ", ".join(f"{outcomes[name]} {name}" for name in _OUTCOMES if outcomes[name])
            print(f"  {convention.name:<22} {len(some):>6} sites: {shown or 'no other way to write it'}")
        print("  together: " + ", ".join(f"{total[name]} {name}" for name in _OUTCOMES))


if __name__ == "__main__":
    main()
