"""The server of the Model Context Protocol, asked over its pipes by the client of the protocol's own SDK."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Mapping
from pathlib import Path

from flows.test_check import slipped
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from support.flow_command import SCRIPT, command_environment, state_of
from support.flow_repository import MENDED_LINE, SLIP_LINE, some_module, with_slip

Asked = tuple[str, Mapping[str, object]]


def answers(folder: Path, *asked: Asked) -> list[tuple[str, bool]]:
    """What the server in `folder` answers to calls of its tools, one after another, and whether each is an error."""

    async def session() -> list[tuple[str, bool]]:
        server = StdioServerParameters(command=str(SCRIPT), args=["mcp"], cwd=folder, env=command_environment())
        found = []
        async with stdio_client(server) as pipes, ClientSession(*pipes) as client:
            await client.initialize()
            tools = await client.list_tools()
            assert {tool.name for tool in tools.tools} == {"conventions", "check", "precedents"}
            for name, arguments in asked:
                result = await client.call_tool(name, dict(arguments))
                (content,) = result.content
                found.append((content.text, bool(result.is_error)))
        return found

    return asyncio.run(asyncio.wait_for(session(), 120))


def test_an_agent_looks_up_writes_and_checks(counted: Path) -> None:
    path = some_module(counted)
    old = (counted / path).read_text()
    new = with_slip(old)
    diff = "".join(difflib.unified_diff(old.splitlines(True), new.splitlines(True), f"a/{path}", f"b/{path}"))
    before = state_of(counted)
    about, of_folder, shown, text, patched, untouched = answers(
        counted,
        ("conventions", {"path": "desk/not_there_yet.py"}),
        ("conventions", {"path": None}),
        ("precedents", {"kind": "quotes"}),
        ("check", {"path": path, "text": new}),
        ("check", {"diff": diff}),
        ("check", {}),
    )
    assert state_of(counted) == before
    assert "quotes, quotes of strings: single quotes (" in about[0]
    assert "quotes, quotes of strings: single quotes (" in of_folder[0]
    assert shown[0].startswith("quotes, quotes of strings:\n  single quotes: ")
    assert f"write `{MENDED_LINE.strip()}` for `{SLIP_LINE.strip()}`" in text[0]
    assert len(text[0].splitlines()) <= 10
    assert patched == text
    assert untouched[0].startswith("Nothing to mend")
    assert not any(failed for _, failed in (about, of_folder, shown, text, patched, untouched))


def test_the_work_tree_is_checked_as_it_is_when_it_is_asked(counted: Path) -> None:
    path = slipped(counted)
    ((all_, _), (one, _), (other, _)) = answers(
        counted, ("check", {}), ("check", {"path": path}), ("check", {"path": "README.md"})
    )
    assert f"{path}:" in all_
    assert one == all_
    assert other.startswith("Nothing to mend")


def test_what_cannot_be_answered_is_one_line_and_the_server_goes_on(counted: Path) -> None:
    *refused, last = answers(
        counted,
        ("conventions", {"path": "../elsewhere"}),
        ("conventions", {"path": "notes.md"}),
        ("conventions", {"folder": "desk"}),
        ("precedents", {}),
        ("precedents", {"kind": "no_such_kind"}),
        ("precedents", {"kind": ["quotes"]}),
        ("check", {"text": "x = 1\n"}),
        ("check", {"text": "x = 1\n", "diff": ""}),
        ("check", {"diff": "this is no diff"}),
        ("check", {"path": "a\0b"}),
        ("erase", {}),
        ("precedents", {"kind": "quotes"}),
    )
    for text, failed in refused:
        assert failed, text
        assert text == " ".join(text.split())
    assert not last[1]


def test_outside_a_repository_every_answer_is_one_line(tmp_path: Path) -> None:
    ((text, failed),) = answers(tmp_path, ("conventions", {}))
    assert failed
    assert "not a git repository" in text
