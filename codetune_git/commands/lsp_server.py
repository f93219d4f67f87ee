"""The language server that `git codetune lsp` starts. The only caller of pygls.

1 a text is opened, changed or saved: a moment later its changed lines are checked, beside HEAD, in a thread
2 what was found becomes diagnostics; where the text has changed meanwhile, it waits for the next check
3 code actions and hovers are answered from what was found for this version of the text
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from codetune_git import __version__
from codetune_git.domain import Suggestion, Verification
from codetune_git.errors import CodetuneError
from codetune_git.languages.suffixes import SUFFIXES
from codetune_git.report.hover import explained
from codetune_git.report.text import why
from codetune_git.requests import CheckRequest

_SOURCE = "codetune"
_QUICK_FIX, _FIX_ALL = "quickfix", "source.fixAll.codetune"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_PAUSE = 0.3  # seconds without a change before a text is checked


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found in one version of a text."""

    version: int | None
    suggestions: tuple[Suggestion, ...]


def _checked(path: Path, text: str) -> tuple[Suggestion, ...]:
    """Step 1 for one text. Raises CodetuneError."""
    from codetune_git.git.repository import Repository
    from codetune_git.pipelines.checked_files import check
    from codetune_git.pipelines.configuration import resolve_configuration

    options, repository = resolve_configuration(path.parent, {}).options, Repository.open(path.parent)
    if repository.takes_over():
        return ()
    content = text.encode("utf-8", "surrogateescape")
    request = CheckRequest(path.parent, options, stdin_filename=path.name, text=content, agent=True)
    return check(repository, request, until=time.monotonic() + options.hook_budget).findings.suggestions


def _split(text: str) -> list[str]:
    """The lines of a text with their ends, as the protocol divides them: a form feed is none."""
    return _LINE.findall(text)


def _lines(suggestion: Suggestion) -> types.Range:
    """The whole lines that the suggestion replaces."""
    first, last = suggestion.lines
    return types.Range(types.Position(first - 1, 0), types.Position(last, 0))


def _wanted(kind: str, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether an editor that asks for the kinds `only` wants actions of this one; kinds have parts, divided by dots."""
    asked = [only_kind.value if isinstance(only_kind, types.CodeActionKind) else only_kind for only_kind in only or ()]
    return only is None or any(f"{kind}.".startswith(f"{each}.") for each in asked)


def _touches(suggestion: Suggestion, asked: types.Range) -> bool:
    return suggestion.lines.first - 1 <= asked.end.line and asked.start.line < suggestion.lines.last


class _Server(LanguageServer):
    """The server, and what it has found, by the texts' URIs."""

    def __init__(self) -> None:
        super().__init__("git-codetune", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        self._found: dict[str, _Found] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()  # a check uses all there is

    def changed(self, uri: str, *, pause: float = _PAUSE) -> None:
        """A text is other than before: check it after a pause without further changes."""
        self.closed(uri)
        self._waiting[uri] = asyncio.get_running_loop().create_task(self._check(uri, pause))

    def closed(self, uri: str) -> None:
        """Nothing is to be found in the text any more."""
        if waiting := self._waiting.pop(uri, None):
            waiting.cancel()
        self._found.pop(uri, None)

    async def _check(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        document = self.workspace.get_text_document(uri)
        path = Path(document.path)
        if not path.name.endswith(SUFFIXES) or not path.parent.is_dir():
            return
        version, text = document.version, document.source
        async with self._turn:
            try:
                suggestions = await asyncio.to_thread(_checked, path, text)
            except (CodetuneError, UnicodeEncodeError) as error:  # half of a character is no text
                said = types.LogMessageParams(types.MessageType.Warning, " ".join(str(error).split()))
                self.window_log_message(said)
                suggestions = ()
        if self.workspace.get_text_document(uri).version == version:
            self._found[uri] = _Found(version, suggestions)
            self._publish(uri, version)

    def _publish(self, uri: str, version: int | None) -> None:
        diagnostics = [self._diagnostic(uri, one) for one in self._found[uri].suggestions]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def _diagnostic(self, uri: str, suggestion: Suggestion) -> types.Diagnostic:
        document = self.workspace.get_text_document(uri)
        first, last = suggestion.lines
        lines = _split(document.source)
        text = lines[last - 1].rstrip("\r\n") if last <= len(lines) else ""
        end = types.Position(last - 1, document.position_codec.client_num_units(text))
        return types.Diagnostic(
            types.Range(types.Position(first - 1, 0), end),
            why(suggestion),
            severity=types.DiagnosticSeverity.Information,
            code=suggestion.kind,
            source=_SOURCE,
            data=suggestion.id,
        )

    def found(self, uri: str, asked: types.Range) -> list[Suggestion]:
        """The suggestions for these lines of the text as it is now."""
        known = self._found.get(uri)
        if known is None or known.version != self.workspace.get_text_document(uri).version:
            return []
        return [one for one in known.suggestions if _touches(one, asked)]

    def edit(self, uri: str, suggestions: Sequence[Suggestion]) -> types.WorkspaceEdit:
        """What takes the suggestions, with the text's own line ends."""
        lines = _split(self.workspace.get_text_document(uri).source)
        end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
        edits = []
        for one in suggestions:
            text = "".join(f"{line.removesuffix(chr(13))}{end}" for line in one.replacement)
            if one.lines.last == len(lines) and not lines[-1].endswith("\n"):
                text = text.removesuffix(end)
            edits.append(types.TextEdit(_lines(one), text))
        return types.WorkspaceEdit(changes={uri: edits})

    def actions(self, params: types.CodeActionParams) -> Iterator[types.CodeAction]:
        """Step 3: one for each suggestion in the range, and one for all in the text that are safe."""
        uri, only = params.text_document.uri, params.context.only
        shown = {diagnostic.data: diagnostic for diagnostic in params.context.diagnostics}
        if _wanted(_QUICK_FIX, only):
            for one in self.found(uri, params.range):
                yield types.CodeAction(
                    f"Write as this repository does: {one.phrase or one.kind} ({one.verification})",
                    kind=_QUICK_FIX,
                    diagnostics=[shown[one.id]] if one.id in shown else None,
                    edit=self.edit(uri, [one]),
                    is_preferred=one.verification is Verification.SAFE,
                )
        everywhere = types.Range(types.Position(0, 0), types.Position(1 << 30, 0))
        safe = [one for one in self.found(uri, everywhere) if one.verification is Verification.SAFE]
        if safe and _wanted(_FIX_ALL, only):
            yield types.CodeAction(f"Fix all {len(safe)} that are safe", kind=_FIX_ALL, edit=self.edit(uri, safe))

    def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Step 3: why, of the suggestions at a line."""
        here = types.Range(params.position, params.position)
        found = self.found(params.text_document.uri, here)
        if not found:
            return None
        language = self.workspace.get_text_document(params.text_document.uri).language_id or ""
        text = "\n---\n\n".join(explained(one, language) for one in found)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), _lines(found[0]))


def serve() -> None:
    """Serve until the editor ends it."""
    server = _Server()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.changed(params.text_document.uri, pause=0.0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.changed(params.text_document.uri, pause=0.0)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))

    kinds = types.CodeActionOptions([types.CodeActionKind.QuickFix, _FIX_ALL])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        return list(server.actions(params))

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        return server.hover(params)

    server.start_io()
