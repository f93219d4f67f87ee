"""A repository whose people write Python in one consistent style, made by one `git fast-import`: fast and always equal.

Knows how the house writes and how its history grows. Does not know what the tool makes of it.
House style: single quotes, percent formatting, `is None`, literals, snake case, no padding inside brackets.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

from support.real_git import git

START = 1_700_000_000
COMMITS, FURTHER = 60, 20  # of a house that was trained, and those after
_THINGS = ("order", "account", "invoice", "ticket", "report", "customer", "shipment", "parcel", "payment", "refund")
_VERBS = ("load", "store", "merge", "count", "check", "clean", "group", "split", "filter", "collect", "resolve")
_WORDS = ("archive", "closed", "hidden", "urgent", "pending", "draft", "broken", "remote", "shared", "locked")

_READING = """\
def {verb}_{thing}s(path, limit=None):
    '''Return the {thing}s below path by name.'''
    found = {{}}
    if limit is None:
        limit = {number}
    for name in sorted(os.listdir(path))[:limit]:
        if name != '{word}' and name not in found:
            found[name] = os.path.join(path, '{word}', name)
    log.info('{verb} %s of %s {thing}s', len(found), limit)
    return found
"""
_CHECKING = """\
def {verb}_{thing}(entry, {word}=False):
    '''Raise ValueError unless entry is a {thing} that can be used.'''
    status = entry.get('status', '{word}')
    if status is None or len(entry) > {number}:
        raise ValueError('{thing} %s is not {word}: %r' % (entry['name'], status))
    if not {word} and status == '{other}':
        log.warning('%s: {other} {thing}', entry['name'])
        return []
    return [entry['{thing}_id'], status, {number}]
"""
_SUMMING = """\
def {verb}_{thing}_totals(rows):
    '''Sum the amounts of all {thing} rows by kind.'''
    totals = {{'{word}': 0, '{other}': {number}}}
    for row in rows:
        kind = row['kind']
        if kind not in totals:
            totals[kind] = 0
        totals[kind] += row['amount'] * {number}
    return totals
"""
_CLASS = """\
class {Thing}{Verb}er(object):
    '''Keeps {thing}s until they are {word}.'''

    limit = {number}

    def __init__(self, name='{thing}', parent=None):
        self.name = name
        self.parent = parent
        self.kept = []

    def add(self, {thing}):
        if self.parent is not None and len(self.kept) >= self.limit:
            self.parent.add({thing})
            return False
        self.kept.append(('{word}', {thing}))
        return True

    def describe(self):
        return '%s: %s kept, {other} is %s' % (self.name, len(self.kept), self.limit)
"""
_PIECES = (_READING, _CHECKING, _SUMMING, _CLASS)


def piece(rng: Random) -> str:
    """A function or class in the style of the house."""
    thing, verb = rng.choice(_THINGS), rng.choice(_VERBS)
    word, other = rng.sample(_WORDS, 2)
    names = {"thing": thing, "verb": verb, "Thing": thing.title(), "Verb": verb.title()}
    return rng.choice(_PIECES).format(**names, word=word, other=other, number=rng.randint(3, 900))


def module(rng: Random, pieces: int) -> str:
    """A module of so many pieces."""
    head = f"'''Works on what the {rng.choice(_THINGS)} desk hands over.'''\n\nimport logging\nimport os\n\n"
    log = "log = logging.getLogger(__name__)\n"
    return "\n\n".join([head + log, *(piece(rng) for _ in range(pieces))])


def _history(first: int, last: int) -> Iterator[tuple[int, dict[str, str]]]:
    """The files that each commit writes: a new module, and every third commit a piece more in an older one."""
    texts: dict[str, str] = {}
    for number in range(last):
        rng = Random(f"house {number}")
        path = f"desk/{rng.choice(_THINGS)}_{number}.py"
        written = {path: module(rng, 2)}
        if number % 3 == 2:
            older = rng.choice(sorted(texts))
            written[older] = f"{texts[older]}\n\n{piece(rng)}"
        texts |= written
        if number >= first:
            yield number, written


def _stream(branch: str, first: int, last: int, continued: bool) -> Iterator[bytes]:
    for number, files in _history(first, last):
        when = START + 3600 * number
        yield f"commit refs/heads/{branch}\n".encode()
        yield f"author Ada <ada@example.invalid> {when} +0000\n".encode()
        yield f"committer Ada <ada@example.invalid> {when} +0000\n".encode()
        subject = f"Change number {number}".encode()
        yield b"data %d\n%s\n" % (len(subject), subject)
        if continued:
            yield f"from refs/heads/{branch}^0\n".encode()
            continued = False
        for path, text in sorted(files.items()):
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (os.fsencode(path), len(text.encode()), text.encode())


def grow(folder: Path, first: int, last: int, *, branch: str = "main") -> None:
    """Add the house's commits `first` (counted from 0) to `last` (excluded), and check them out."""
    stream = b"".join(_stream(branch, first, last, first > 0))
    git(folder, "fast-import", "--quiet", stdin=stream)
    git(folder, "reset", "-q", "--hard")


def build(folder: Path, commits: int) -> Path:
    """`folder`, a new repository with the first `commits` of the house."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    if commits:
        grow(folder, 0, commits)
    return folder


def copied(original: Path, folder: Path) -> Path:
    """`folder`, the repository of `original` with all that was learned; the index is told of the new files."""
    shutil.copytree(original, folder, symlinks=True)
    git(folder, "update-index", "-q", "--refresh")
    return folder


SLIP = """\
def load_slips(path, limit=None):
    '''Return the slips below path by name.'''
    found = {}
    for name in sorted(os.listdir(path))[:limit]:
        if name != 'archive' and name not in found:
            found[name] = os.path.join(path, "archive", name)
    log.info('load %s of %s slips', len(found), limit)
    return found
"""
SLIP_LINE = '            found[name] = os.path.join(path, "archive", name)'
MENDED_LINE = "            found[name] = os.path.join(path, 'archive', name)"
CLEAN = SLIP.replace(SLIP_LINE, MENDED_LINE)


def some_module(folder: Path) -> str:
    """The path of a module of the house, the same at every call."""
    return sorted(path.relative_to(folder).as_posix() for path in (folder / "desk").glob("*.py"))[0]


def with_slip(text: str, addition: str = SLIP) -> str:
    """A module's text with a further piece at its end."""
    return f"{text}\n\n{addition}"


def plant(folder: Path, addition: str = SLIP) -> str:
    """Stage a further piece at the end of a module; the module's path."""
    path = some_module(folder)
    (folder / path).write_text(with_slip((folder / path).read_text(), addition))
    git(folder, "add", path)
    return path
