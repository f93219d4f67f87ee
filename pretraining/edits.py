"""Collects from git histories the edits that changed how a few lines are written and not what they mean.

    edits.jsonl           {"package", "path", "before", "staged", "after", "target", "near"} to train on
    held_out_edits.jsonl  the same for the histories that evaluation asks about
    histories.json        name, licence, newest commit and edits of every history used

Knows histories, languages and licences; does not know tokens. Does not fetch: it reads the repositories it is given.

    python -m pretraining.edits --histories FILE --out FOLDER [--processes N] [--commits N]

FILE has a line for each repository: its name, a tab, its git directory. The name stands in the configuration's
`held_out_histories`, or the edits are trained on.

    1 refuse by licence; commits of many files, of formatters' size, of robots
    2 align old and new lines of each file; keep short replacements that exchange no words
    3 put the old lines into the new file and show that it means the same: for Python by the product's proof, for
      scripts by equal tokens, but for quotes, semicolons, last commas and brackets around an expression
    4 keep a few of each commit and of each kind, with the text around them as it was before or after the commit
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from codetune_git.domain import Commit, FileChange, LineRange
from codetune_git.git.history import walk
from codetune_git.git.repository import Repository
from codetune_git.samples.style_edits import differing, same_meaning
from codetune_git.text.hunks import ContextSize, context_of, split_lines, statements
from codetune_git.text.selection import refuse_author
from codetune_git.text.source import Source
from pretraining.choices import leaves
from pretraining.configuration import read
from pretraining.corpus import readable
from pretraining.houses import shown
from pretraining.languages import SUFFIXES, grammar_of
from pretraining.licences import is_accepted, text_licence

_STRETCHES = 3  # of a history: habits and formatters change with the years
_MOST_FILES = 30  # of a commit
_MOST_OF_FILE = 12  # replacements: beyond, a formatter was run
_KEPT_OF_COMMIT = 6
_KEPT_OF_KIND = 0.35  # of a history's edits: else blank lines would be half of them
_MOST_LINES = 14
_MOST_ALIGNED = 1500
_AROUND = ContextSize(before=2000, after=600)
_NEAR = 0.4
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"""\A([A-Za-z]{0,2})(\"\"\"|'{3}|["'`])(.*)\2\Z""", re.DOTALL)
_DECLARATIONS = frozenset({"var", "let", "const"})
_LIKE = {"var": "let", "const": "let", "==": "===", "!=": "!=="}
_LICENCE = re.compile(r"(?i)(licen[sc]e|copying|unlicense)")
_CLOSING = frozenset(")]}")


Job = tuple[str, str, int, dict[str, Any]]  # name, git directory, commits, the configuration of the corpus


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines of the new file and those of the old file that stood there."""

    old: LineRange
    new: LineRange


def _words(text: str) -> Counter[str]:
    return Counter(word for word in _WORD.findall(text) if word not in _DECLARATIONS)


def _says_the_same(old: str, new: str) -> bool:
    """A cheap look before the proof. Exchanged words would be one edit in twenty, and most of the time."""
    words = _words(old)
    return old != new and bool(words) and words == _words(new)


def edits(old: Sequence[str], new: Sequence[str], rng: random.Random) -> Iterator[Edit]:
    """Replaced lines with none to four unchanged ones around them; where lines only came or went, with at least one."""
    for i1, i2, j1, j2 in differing(old, new, _MOST_ALIGNED):
        before, after = (rng.choice((0, 0, 1, 2, 4)) for _ in range(2))
        if i1 == i2 or j1 == j2:
            before, after = max(before, 1), max(after, 1)
        before, after = min(before, i1, j1), min(after, len(old) - i2, len(new) - j2)
        if old[i1 - before : i1] != new[j1 - before : j1] or old[i2 : i2 + after] != new[j2 : j2 + after]:
            continue
        was, now = LineRange(i1 - before + 1, i2 + after), LineRange(j1 - before + 1, j2 + after)
        if 0 <= max(was.last - was.first, now.last - now.first) < _MOST_LINES and was.first <= was.last:
            yield Edit(was, now)


def _plain(text: str, kind: str) -> str:
    """A token without what style alone decides."""
    if kind in ("comment", "string", "template_string") or text[:1] in "'\"":
        quoted = _QUOTED.match(text)
        inner = quoted.group(3).replace("\\'", "'").replace('\\"', '"') if quoted and quoted.group(2) != "`" else text
        return " ".join(inner.split()) if kind == "comment" else inner
    return _LIKE.get(text, text)


def _tokens(source: Source) -> list[str]:
    found = [_plain(source.text[leaf.start : leaf.end].decode(), leaf.kind) for leaf in leaves(source)]
    return [
        token
        for i, token in enumerate(found)
        if token not in ("", ";", "(", ")") and not (token == "," and found[i + 1 : i + 2] and found[i + 1] in _CLOSING)
    ]


def _comments(source: Source, lines: LineRange) -> Counter[str]:
    start, end = source.span_of(lines)
    found = Counter[str]()
    for node, kind in zip(source.nodes, source.kinds, strict=True):
        if kind == "comment" and start <= node.start_byte < end:
            found += _words(source.slice(node).decode().lower())
    return found


def _proven(old: Source, new: Source, edit: Edit) -> bool:
    """`old` and `new` have the nodes of the edit's lines."""
    if _comments(old, edit.old) != _comments(new, edit.new):
        return False
    staged = old.text[slice(*old.span_of(edit.old))]
    if new.grammar.name == "python":
        return same_meaning(new, edit.new, staged.decode())
    start, end = new.span_of(edit.new)
    lines = LineRange(edit.new.first, edit.new.first + edit.old.last - edit.old.first)
    changed = new.with_text(new.text[:start] + staged + new.text[end:], lines)
    return not changed.has_error and _tokens(changed) == _tokens(new)


def _kind(staged: str, target: str) -> str:
    """A rough name for what was changed, so that no kind takes all the room."""
    was, now = staged.splitlines(), target.splitlines()
    if [line.rstrip() for line in was] == [line.rstrip() for line in now]:
        return "line ends"
    if [line for line in was if line.strip()] == [line for line in now if line.strip()]:
        return "blank lines"
    if "".join(staged.split()) == "".join(target.split()):
        return "wrapping" if len(was) != len(now) else "blanks"
    return "marks"


def _row(name: str, path: str, edit: Edit, old: Source, new: Source, rng: random.Random) -> dict[str, Any]:
    around = (old, edit.old) if rng.random() < 0.5 else (new, edit.new)
    before, after = (part.decode() for part in context_of(*around, _AROUND))
    staged, target = (s.text[slice(*s.span_of(lines))].decode() for s, lines in ((old, edit.old), (new, edit.new)))
    return {
        "package": f"git:{name}", "path": path, "before": before, "staged": staged, "after": after,
        "target": target, "near": [], "kind": _kind(staged, target),
    }  # fmt: skip


def _near(row: dict[str, Any], edit: Edit, new: Source) -> dict[str, Any]:
    """The row with pieces of the new file that are like the hunk."""
    source = new.with_text(new.text)  # with all its nodes
    parts = statements(source)
    return row | {"near": list(shown(source, edit.new, parts, ContextSize(before=1000, after=400)))}


def _likely(old: str, new: str, rng: random.Random) -> list[Edit]:
    """The edits that a cheap look lets through; none where the file was given to a formatter."""
    old_lines, new_lines = split_lines(old), split_lines(new)
    found = []
    for edit in edits(old_lines, new_lines, rng):
        staged = "".join(old_lines[edit.old.first - 1 : edit.old.last])
        if _says_the_same(staged, "".join(new_lines[edit.new.first - 1 : edit.new.last])):
            found.append(edit)
    return found if len(found) <= _MOST_OF_FILE else []


def _of_file(name: str, change: FileChange, limits: dict[str, Any], rng: random.Random) -> Iterator[dict[str, Any]]:
    """The style edits of one changed file."""
    grammar = grammar_of(change.path)
    if change.old is None or change.new is None or grammar is None:
        return
    if not readable(change.path, len(change.new), limits) or b"\r" in change.new + change.old:
        return
    try:
        likely = _likely(change.old.decode(), change.new.decode(), rng)
    except UnicodeDecodeError:
        return
    for edit in likely:
        old, new = Source.parse(change.old, grammar, edit.old), Source.parse(change.new, grammar, edit.new)
        if not new.has_error and _proven(old, new, edit):
            row = _row(name, change.path, edit, old, new, rng)
            yield _near(row, edit, new) if rng.random() < _NEAR else row


def _of_commit(name: str, commit: Commit, limits: dict[str, Any]) -> list[dict[str, Any]]:
    if len(commit.changes) > _MOST_FILES or refuse_author(commit.author):
        return []
    rng = random.Random(commit.oid)
    found = [row for change in commit.changes for row in _of_file(name, change, limits, rng)]
    return rng.sample(found, min(len(found), _KEPT_OF_COMMIT))


def _evened(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest edits of each kind, none of which is more than its share."""
    most, counted, kept = max(20, int(_KEPT_OF_KIND * len(rows))), Counter[str](), []
    for row in reversed(rows):
        counted[row["kind"]] += 1
        if counted[row["kind"]] <= most:
            kept.append(row)
    return kept


def _licence(repository: Repository) -> str:
    names = repository.git.run("ls-tree", "--name-only", "HEAD").decode().split("\n")
    found = sorted(name for name in names if _LICENCE.match(name))
    return text_licence(repository.git.run("show", f"HEAD:{found[0]}").decode("utf-8", "replace")) if found else ""


def _tips(repository: Repository, commits: int) -> list[str]:
    """Where stretches of the history end, the newest first; one where they would overlap."""
    every = repository.git.run("rev-list", "--no-merges", "HEAD").decode().split()
    return every[:: len(every) // _STRETCHES][:_STRETCHES] if len(every) > 2 * commits else every[:1]


def collected(job: Job) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The manifest's entry of a history, and its edits."""
    name, folder, commits, limits = job
    repository = Repository.open(Path(folder))
    entry = {"name": name, "licence": _licence(repository), "commit": repository.head() or ""}
    if not is_accepted(entry["licence"], limits["licences"]):
        return entry, []
    found: list[dict[str, Any]] = []
    for tip in _tips(repository, commits):
        for commit in walk(repository, tip, suffixes=SUFFIXES, limit=commits // _STRETCHES):
            found += _of_commit(name, commit, limits)
    return entry, _evened(found)


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


def _histories(jobs: Sequence[Job], processes: int) -> Iterator[tuple[dict[str, str], list[dict[str, Any]]]]:
    """What `collected` says of each job, in any order."""
    if processes == 1:
        yield from map(collected, jobs)
        return
    with get_context("spawn").Pool(processes, maxtasksperchild=4) as pool:
        yield from pool.imap_unordered(collected, jobs)


def collect(histories: Sequence[tuple[str, str]], out: Path, *, processes: int, commits: int) -> None:
    """Steps 1 to 4 for every history; the rows of each file in a fixed random order."""
    limits = dict(read().corpus)
    jobs = [(name, folder, commits, limits) for name, folder in histories]
    manifest, train, held_out = [], list[dict[str, Any]](), list[dict[str, Any]]()
    for entry, rows in _histories(jobs, processes):
        kinds = Counter(row["kind"] for row in rows)
        print(entry["name"], entry["licence"] or "no licence", len(rows), dict(kinds.most_common()), flush=True)
        if rows:
            manifest.append(entry | {"edits": len(rows)})
            (held_out if entry["name"] in limits["held_out_histories"] else train).extend(rows)
    for name, some in (("edits", train), ("held_out_edits", held_out)):
        some.sort(key=lambda row: (row["package"], row["path"], row["before"], row["staged"]))
        random.Random(0).shuffle(some)
        _write(out / f"{name}.jsonl", some)
    manifest.sort(key=lambda entry: entry["name"])
    (out / "histories.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--histories", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--processes", type=int, default=2)
    arguments.add_argument("--commits", type=int, default=1500, help="of a history, the newest")
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    lines = given.histories.read_text(encoding="utf-8").splitlines()
    histories = [(name, folder) for name, _, folder in (line.partition("\t") for line in lines)]
    collect(histories, given.out, processes=given.processes, commits=given.commits)


if __name__ == "__main__":
    main()
