"""Is what the proof for JavaScript and TypeScript calls the same program read alike by an engine's parser?

    PYTHONPATH=.:tests python -m benchmarks.javascript_proof FOLDER [FOLDER …] [--files N] [--rewrites N] [--seed N]

Takes files of the folders at random, rewrites each at random places (as conventions would, and by breaks that no
convention makes: tokens left out, doubled, divided by lines), asks the proof, and gives what it calls safe to acorn,
which node carries. TypeScript is read by the compiler in the folder that TYPESCRIPT names. Prints what was asked,
proven and read, and each pair that the parser does not read alike.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from support.javascript_breaks import broken
from support.node import Pair, verdicts

from codetune_git.domain import Verification
from codetune_git.languages.paths import refuse_path
from codetune_git.languages.shared.tokens import tokens_read
from codetune_git.languages.table import language_in, language_of
from codetune_git.text.source import Source, apply_edits

_LARGEST = 60_000  # bytes of a file


def _files(folders: list[Path], rng: random.Random) -> Iterator[tuple[Path, Source]]:
    found = sorted(path for folder in folders for path in folder.rglob("*.*") if path.is_file())
    rng.shuffle(found)
    for path in found:
        language = language_of(path.name)
        if language is None or language.name != "javascript" or refuse_path(path.as_posix()) is not None:
            continue
        text = path.read_bytes().replace(b"\r\n", b"\n")
        source = Source.parse(text, language.grammar) if len(text) < _LARGEST else None
        if source is not None and not source.has_error and tokens_read(source):
            yield path, source


def _rewritten(source: Source, rng: random.Random, number: int) -> Iterator[tuple[str, bytes]]:
    """Texts that a convention or chance makes of a file, each with the name of what made it."""
    language = language_in(source)
    conventions = {convention.name: convention for convention in language.catalogue}
    sites = [*language.sites(source)]
    for site in rng.sample(sites, min(number, len(sites))):
        convention = conventions[site.convention]
        others = [variant for variant in convention.variants if variant != site.variant]
        edits = convention.rewrite(source, site, rng.choice(others)) if others else None
        if edits:
            yield convention.name, apply_edits(source.text, edits)
    for _ in range(number):
        yield broken(source, rng)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rewrites", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    asked, proven, faults = Counter[str](), Counter[str](), Counter[str]()
    said = Counter[str]()
    start, seconds = time.monotonic(), 0.0
    for number, (path, source) in enumerate(_files(given.folders, rng)):
        if number >= given.files:
            break
        verify = language_in(source).verify
        pairs: list[tuple[str, Pair]] = []
        for kind, text in _rewritten(source, rng, given.rewrites):
            began = time.monotonic()
            proof = verify(source.text, text) if text != source.text else None
            seconds += time.monotonic() - began
            asked[kind] += text != source.text
            if proof is not None and proof.verification is Verification.SAFE:
                proven[kind] += 1
                pairs.append((kind, Pair(source.text, text, source.grammar.suffixes[0] != ".js")))
        for (kind, pair), verdict in zip(pairs, verdicts([pair for _, pair in pairs]), strict=True):
            said[verdict] += 1
            if verdict not in ("same", "unread"):
                faults[kind] += 1
                print(f"{path}: {kind} is read as {verdict}:", *pair.difference(), sep="\n    ", flush=True)
    total = sum(asked.values())
    print(f"{total} rewrites asked in {seconds:.0f} s of proof, {time.monotonic() - start:.0f} s in all: {dict(said)}")
    for kind, count in sorted(asked.items()):
        print(f"  {kind:40} {count:6} asked {proven[kind]:6} proven {faults[kind]:4} read otherwise")


if __name__ == "__main__":
    main()
