"""A server whose extra is not installed says so in one line, with the extra."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from codetune_git.commands import lsp, mcp
from codetune_git.errors import ExtraMissing
from codetune_git.requests import ServerRequest


def test_the_sdk_of_the_protocol_is_an_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "mcp_types", None)
    with pytest.raises(ExtraMissing, match=r"codetune-git\[mcp\]"):
        mcp.run(ServerRequest(tmp_path))


@pytest.mark.parametrize("module", ["pygls", "lsprotocol"])
def test_pygls_is_an_extra(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    monkeypatch.delitem(sys.modules, "codetune_git.commands.lsp_server", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ExtraMissing, match=r"codetune-git\[lsp\]"):
        lsp.run()
