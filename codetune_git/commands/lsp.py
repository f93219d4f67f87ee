"""`git codetune lsp`: a language server on standard input and output, for editors. Knows that it is an extra."""

from __future__ import annotations

from codetune_git.errors import ExtraMissing


def run() -> int:
    """Serve until the editor ends it. Raises ExtraMissing."""
    try:
        from codetune_git.commands.lsp_server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise ExtraMissing.of("lsp", "a language server needs pygls") from None
    serve()
    return 0
