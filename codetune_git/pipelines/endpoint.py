"""The configured server that scores instead of this machine. Joins settings and the key for it."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

from codetune_git.errors import UsageError
from codetune_git.settings import ENDPOINT_KEY, Options

if TYPE_CHECKING:
    from codetune_git.model.scoring.server import Server


def _key() -> str:
    key = os.environ.get(ENDPOINT_KEY, "").strip()
    if not key.isascii() or not key.isprintable():  # or http.client would complain, and quote it
        raise UsageError(f"{ENDPOINT_KEY} holds characters that no key has")
    return key


def server_of(options: Options, adapter: str, until: float = math.inf) -> Server | None:
    """The server for `adapter`; None where this machine scores. Raises UsageError where the key cannot be one."""
    if options.endpoint is None:
        return None
    from codetune_git.model.scoring.server import Server

    return Server(options.endpoint, options.endpoint_model or adapter, _key(), until)
