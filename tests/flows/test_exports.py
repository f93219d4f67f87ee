"""A counted house told to coding agents and tools from the command line."""

from __future__ import annotations

import tomllib
from pathlib import Path

from support.flow_command import codetune

from codetune_git.exports.block import BEGIN, END


def test_agents_file_is_written_found_fresh_and_found_stale(counted: Path) -> None:
    place, around = counted / "AGENTS.md", "# House\r\n\r\nBe kind.\r\n"
    place.write_bytes(around.encode())
    place.chmod(0o755)
    asked = ("conventions", "--as", "agents", "--write", "AGENTS.md")
    assert codetune(counted, *asked, "--check").code == 1
    assert place.read_bytes() == around.encode()
    assert codetune(counted, *asked).code == 0
    assert place.stat().st_mode & 0o777 == 0o755
    written = place.read_bytes().decode()
    assert written.startswith(f"{around}\r\n{BEGIN}\r\n")
    assert "quotes of strings: single quotes (usual elsewhere: double quotes)\r\n" in written
    assert written[written.index(BEGIN) :].count("\n") <= 25
    assert codetune(counted, *asked, "--check").code == 0
    place.write_bytes(written.replace("single quotes", "curly quotes").encode())
    assert codetune(counted, *asked, "--check").code == 1
    place.write_bytes(written.replace(END, "").encode())
    stays = codetune(counted, *asked)
    assert stays.code == 5
    assert "stays as it is" in stays.complaint


def test_ruff_changes_fewer_lines_with_what_it_is_told(counted: Path) -> None:
    told = codetune(counted, "conventions", "--as", "ruff")
    assert told.code == 0
    assert tomllib.loads(told.out)["tool"]["ruff"]["format"]["quote-style"] in ("single", "preserve")
    words = (word.strip(";.").replace(",", "") for word in told.out.split("\n")[0].split())
    said = [int(word) for word in words if word.isdigit()]
    assert said[0] < said[1] < said[2]


def test_a_formatter_of_another_language_has_nothing_to_be_told(counted: Path) -> None:
    told = codetune(counted, "conventions", "--as", "prettier")
    assert (told.code, told.out) == (0, "// No file at HEAD is in a language that prettier formats.\n")


def test_options_that_do_not_go_together_are_one_line(counted: Path) -> None:
    for asked in (("--as", "ruff", "--check"), ("--write", "A.md"), ("--as", "agents", "--check")):
        done = codetune(counted, "conventions", *asked)
        assert done.code == 2
        assert "--write" in done.complaint
    for more in (("--drift",), ("--format", "json"), ("--write", "A.md", "--kind", "quotes"), ("--write", "no/A.md")):
        done = codetune(counted, "conventions", "--as", "agents", *more)
        assert (done.code, done.out, len(done.complaint.splitlines())) == (2, "", 1)
