"""A repository of Python and TypeScript, with CRLF and byte order marks: suggest, the hook, apply, and silence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from support.flow_command import codetune, state_of
from support.flow_repository import COMMITS, MENDED_LINE, SLIP_LINE, START, build, copied, plant
from support.real_git import git

MARK = b"\xef\xbb\xbf"
PARTS = 45
_PART = """\
export function {verb}{thing}(entries: {thing}[], limit = {number}): string[] {{
  const found: string[] = [];
  for (const entry of entries.slice(0, limit)) {{
    if (entry.kind !== '{word}' && !found.includes(entry.name)) {{
      found.push(entry.name);
    }}
  }}
  return found.map((name) => join('{word}', name));
}}
"""
_HEAD = "import {{ join }} from './paths';\n\nexport interface {thing} {{\n  name: string;\n  kind: string;\n}}\n\n"
_SLIP = """\

export function keepParts(entries: Part[]): Part[] {
  const kept = entries.filter((entry) => entry.kind !== "hidden");
  kept.push({ name: 'last',kind: 'shown' })
  return kept;
}
"""
_MENDED = _SLIP.replace('"hidden"', "'hidden'").replace("'last',kind", "'last', kind").replace("})\n", "});\n")


def _text(number: int) -> str:
    rng = Random(f"part {number}")
    word, thing = rng.choice(("hidden", "closed", "urgent", "draft")), rng.choice(("Part", "Order", "Entry"))
    names = {"thing": thing, "word": word, "number": rng.randint(2, 99)}
    functions = "\n".join(_PART.format(verb=verb, **names) for verb in rng.sample(("load", "sort", "pick"), 2))
    return _HEAD.format(**names) + functions


def _with_ends(text: str, path: str) -> bytes:
    """The text as it stands in the files of a folder: `web/crlf`, `web/mark`, or plain."""
    plain = text.encode()
    lines = plain.replace(b"\n", b"\r\n") if "crlf" in path else plain
    return MARK + lines if "mark" in path else lines


def _stream() -> Iterator[bytes]:
    for number in range(PARTS):
        path = f"web/{('plain', 'crlf', 'mark')[number % 3]}/part{number}.ts"
        content = _with_ends(_text(number), path)
        when = START + 3600 * (COMMITS + number)
        yield b"commit refs/heads/main\n"
        yield f"author Ada <ada@example.invalid> {when} +0000\n".encode()
        yield f"committer Ada <ada@example.invalid> {when} +0000\ndata 4\nPart\n".encode()
        yield b"from refs/heads/main^0\n" if number == 0 else b""
        yield b"M 100644 inline %s\ndata %d\n%s\n" % (os.fsencode(path), len(content), content)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A house in both languages, counted once: a slip in a module of Python and in three of TypeScript, their paths."""
    folder = build(tmp_path_factory.mktemp("mixed") / "house", COMMITS)
    git(folder, "fast-import", "--quiet", stdin=b"".join(_stream()))
    git(folder, "reset", "-q", "--hard")
    paths = [plant(folder)]
    for kind in ("plain", "crlf", "mark"):
        path = min(file.relative_to(folder).as_posix() for file in (folder / "web" / kind).iterdir())
        with (folder / path).open("ab") as file:
            file.write(_with_ends(_SLIP, path).removeprefix(MARK))
        paths.append(path)
    git(folder, "add", *paths)
    assert codetune(folder, "suggest").code == 0
    return folder, paths


@pytest.fixture
def staged(mixed: tuple[Path, list[str]], tmp_path: Path) -> tuple[Path, list[str]]:
    folder, paths = mixed
    return copied(folder, tmp_path / "house"), paths


def test_each_file_is_told_in_its_own_language(staged: tuple[Path, list[str]]) -> None:
    folder, paths = staged
    found = codetune(folder, "suggest", "--format", "json").document["suggestions"]
    assert {one["path"] for one in found} == set(paths)
    assert {one["verification"] for one in found} == {"safe"}
    kinds = {one["path"]: one["kind"].partition("/")[0] for one in found}
    assert [kinds[path] for path in paths] == ["quotes", "javascript", "javascript", "javascript"]
    assert not any("\r" in line for one in found for line in (*one["original"], *one["replacement"]))


def test_the_hook_says_so_and_writes_nothing(staged: tuple[Path, list[str]]) -> None:
    folder, paths = staged
    before = state_of(folder)
    done = codetune(folder, "hook", "--check", *paths)
    assert done.code == 1
    assert all(f"{path}:" in done.out for path in paths)
    assert state_of(folder) == before
    only = codetune(folder, "hook", "--check", paths[2])
    assert [path for path in paths if f"{path}:" in only.out] == [paths[2]]


def test_what_is_applied_keeps_line_ends_and_marks(staged: tuple[Path, list[str]]) -> None:
    folder, paths = staged
    old = {path: (folder / path).read_bytes() for path in paths}
    done = codetune(folder, "apply", "--all")
    assert (done.code, done.err) == (0, "")
    for path in paths:
        slip, mended = (_with_ends(text, path).removeprefix(MARK) for text in (_SLIP, _MENDED))
        wanted = old[path].replace(slip, mended).replace(SLIP_LINE.encode(), MENDED_LINE.encode())
        assert wanted != old[path]
        assert (folder / path).read_bytes() == wanted
        assert git(folder, "cat-file", "blob", f":{path}") == wanted
    assert codetune(folder, "suggest").out == ""
    assert codetune(folder, "hook", "--check", *paths).code == 0
