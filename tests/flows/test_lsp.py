"""The language server, asked over its pipes by a real client: an editor that opens, changes, hovers and mends."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from support.flow_command import SCRIPT, command_environment, state_of
from support.flow_repository import MENDED_LINE, SLIP_LINE, some_module, with_slip

_PATIENCE = 120.0  # seconds


class Editor:
    """A client with one open file, and the diagnostics that it was sent, by version."""

    def __init__(self) -> None:
        self.client = LanguageClient("editor", "1")
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.uri = ""

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def told(params: types.PublishDiagnosticsParams) -> None:
            self.told.put_nowait(params)

    async def start(self, folder: Path) -> types.InitializeResult:
        await self.client.start_io(str(SCRIPT), "lsp", cwd=folder, env=command_environment())
        found = await self.client.initialize_async(
            types.InitializeParams(capabilities=types.ClientCapabilities(), root_uri=folder.as_uri())
        )
        self.client.initialized(types.InitializedParams())
        return found

    def open(self, path: Path, text: str) -> None:
        self.uri = path.as_uri()
        item = types.TextDocumentItem(self.uri, "python", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, version: int, text: str) -> None:
        document = types.VersionedTextDocumentIdentifier(version, self.uri)
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    async def diagnostics(self, version: int) -> list[types.Diagnostic]:
        while True:
            said = await asyncio.wait_for(self.told.get(), _PATIENCE)
            if said.uri == self.uri and said.version == version:
                return list(said.diagnostics)

    async def actions(self, at: types.Range, *only: str) -> list[types.CodeAction]:
        context = types.CodeActionContext([], only=list(only) or None)
        asked = types.CodeActionParams(types.TextDocumentIdentifier(self.uri), at, context)
        found = await self.client.text_document_code_action_async(asked)
        return [one for one in found or () if isinstance(one, types.CodeAction)]

    async def hover(self, line: int) -> str:
        document = types.TextDocumentIdentifier(self.uri)
        found = await self.client.text_document_hover_async(types.HoverParams(document, types.Position(line, 4)))
        return found.contents.value if found and isinstance(found.contents, types.MarkupContent) else ""

    async def stop(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()


def edited(text: str, action: types.CodeAction, uri: str) -> str:
    """The text as an editor makes it of an action's edits, which replace whole lines."""
    assert action.edit is not None
    assert action.edit.changes is not None
    lines = text.splitlines(keepends=True)
    for edit in reversed(action.edit.changes[uri]):
        assert (edit.range.start.character, edit.range.end.character) == (0, 0)
        lines[edit.range.start.line : edit.range.end.line] = [edit.new_text]
    return "".join(lines)


def played(folder: Path, scene: Callable[[Editor], Awaitable[None]]) -> None:
    async def play() -> None:
        editor = Editor()
        await editor.start(folder)
        await scene(editor)
        await editor.stop()

    asyncio.run(asyncio.wait_for(play(), 2 * _PATIENCE))


def test_a_slip_is_underlined_explained_and_mended(counted: Path) -> None:
    path = some_module(counted)
    text = with_slip((counted / path).read_text())
    at = text.split("\n").index(SLIP_LINE)

    async def scene(editor: Editor) -> None:
        editor.open(counted / path, text)
        (found,) = await editor.diagnostics(1)
        assert (found.range.start.line, found.range.end.line) == (at, at)
        assert found.range.end.character == len(SLIP_LINE)
        assert found.code == "quotes"
        assert "places here" in found.message
        shown = await editor.hover(at)
        assert f"```python\n{MENDED_LINE}\n```" in shown
        assert await editor.hover(0) == ""
        here = types.Range(types.Position(at, 0), types.Position(at, 1))
        one, all_ = await editor.actions(here)
        assert (one.kind, all_.kind) == ("quickfix", "source.fixAll.codetune")
        (fixing,) = await editor.actions(types.Range(types.Position(0, 0), types.Position(0, 0)), "source.fixAll")
        assert await editor.actions(here, "refactor") == []
        mended = text.replace(SLIP_LINE, MENDED_LINE)
        assert edited(text, one, editor.uri) == edited(text, fixing, editor.uri) == mended
        editor.change(2, mended)
        assert await editor.diagnostics(2) == []
        assert await editor.actions(here) == []

    before = state_of(counted)
    played(counted, scene)
    assert state_of(counted) == before


def test_a_text_with_carriage_returns_and_without_a_last_line_end_keeps_them(counted: Path) -> None:
    path = some_module(counted)
    slipped = with_slip((counted / path).read_text()).replace("\n", "\r\n")
    text = slipped[: slipped.index(SLIP_LINE) + len(SLIP_LINE)]

    async def scene(editor: Editor) -> None:
        editor.open(counted / path, text)
        assert len(await editor.diagnostics(1)) == 1
        (fixing,) = await editor.actions(types.Range(types.Position(0, 0), types.Position(0, 0)), "source")
        assert edited(text, fixing, editor.uri) == text.replace(SLIP_LINE, MENDED_LINE)

    (counted / ".gitattributes").write_text("*.py text\n")
    played(counted, scene)


def test_only_the_last_of_many_changes_is_answered_and_others_files_are_left_alone(counted: Path) -> None:
    path = some_module(counted)
    clean = (counted / path).read_text()

    async def scene(editor: Editor) -> None:
        editor.open(counted / "notes.md", "some 'text'")
        editor.open(counted.parent / "elsewhere.py", "x = 1\n")
        editor.open(counted / path, clean)
        for version in range(2, 6):
            editor.change(version, clean if version < 5 else with_slip(clean))
        assert len(await editor.diagnostics(5)) == 1
        assert editor.told.empty()

    played(counted, scene)


def test_a_form_feed_ends_no_line_and_what_is_closed_has_no_diagnostics(counted: Path) -> None:
    path = some_module(counted)
    slipped = with_slip((counted / path).read_text())
    text = "\x0c\n" + slipped[: slipped.index(SLIP_LINE) + len(SLIP_LINE)]

    async def scene(editor: Editor) -> None:
        editor.open(counted / path, text)
        (found,) = await editor.diagnostics(1)
        assert found.range.end.character == len(SLIP_LINE)
        (fixing,) = await editor.actions(types.Range(types.Position(0, 0), types.Position(0, 0)), "source")
        assert fixing.edit is not None
        assert [edit.new_text for edit in (fixing.edit.changes or {})[editor.uri]] == [MENDED_LINE]
        closed = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(editor.uri))
        editor.client.text_document_did_close(closed)
        assert not (await asyncio.wait_for(editor.told.get(), _PATIENCE)).diagnostics

    played(counted, scene)


def test_an_orderly_end_is_none_that_failed(counted: Path) -> None:
    messages = (
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    )
    bodies = [json.dumps({"jsonrpc": "2.0", **message}) for message in messages]
    sent = "".join(f"Content-Length: {len(body)}\r\n\r\n{body}" for body in bodies)
    done = subprocess.run(
        [SCRIPT, "lsp"], cwd=counted, input=sent.encode(), capture_output=True, env=command_environment(), check=False
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
