"""An HTTP server that answers with JSON. Knows sockets, deadlines and what failures mean to people, not what is asked.

The standard library's client, since it does no more than it is told: it follows no redirect, reads no proxy setting and
no netrc, keeps no cookies and tries nothing twice. What is sent goes to the configured host or nowhere. It also loads
in 30 ms, where the client that tokenizers brings along takes 74: a hook waits for it.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from codetune_git.errors import OverBudget, Unavailable

_CONNECT_SECONDS, _ANSWER_SECONDS = 2.0, 10.0
_MOST_BYTES = 256 << 20
_MOST_SAID = 200  # characters of a server's own words in an error


@dataclass(frozen=True, slots=True)
class Server:
    """`url` as configured, `model` as it is called there, `key` that authorises the request.

    `until`: the time of time.monotonic() at which an answer comes too late; where it is infinite each has 10 seconds.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    until: float = math.inf

    def answer(self, path: str, body: object = None) -> Any:
        """The JSON at `path` below the URL; with a `body` it is posted there.

        Raises Unavailable, and OverBudget where it is `until` that came first.
        """
        deadline = time.monotonic() + _ANSWER_SECONDS if self.until == math.inf else self.until
        try:
            content = self._exchanged(path, body, deadline)
            return json.loads(content)
        except TimeoutError as error:
            if self.until <= time.monotonic():
                raise OverBudget(f"{self.url} has not answered in the time that is left") from error
            raise Unavailable(f"{self.url} has not answered in time: ask whoever runs it") from error
        except OSError as error:
            reason = error.strerror or error
            raise Unavailable(f"{self.url} cannot be reached ({reason}): see codetune.endpoint") from error
        except (HTTPException, ValueError, RecursionError) as error:
            raise Unavailable(f"{self.url}/{path} answers with no JSON over HTTP: see codetune.endpoint") from error

    def _exchanged(self, path: str, body: object, deadline: float) -> bytes:
        """What the server sends. Raises Unavailable, OSError and HTTPException."""
        place = urlsplit(self.url)
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=min(_CONNECT_SECONDS, _left(deadline)))
        sent = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", "Connection": "close"}
        headers |= {"Content-Type": "application/json"} if sent is not None else {}
        headers |= {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            connection.connect()
            socket = connection.sock
            socket.settimeout(_left(deadline))
            connection.request("GET" if sent is None else "POST", f"{place.path}/{path}", sent, headers)
            with connection.getresponse() as response:
                content = bytearray()
                while len(content) <= _MOST_BYTES and (part := response.read1(1 << 16)):
                    content += part
                    socket.settimeout(_left(deadline))
        finally:
            connection.close()
        if len(content) > _MOST_BYTES:
            raise Unavailable(f"{self.url}/{path} answers with more than {_MOST_BYTES >> 20} MiB: not read")
        self._refuse(response, path, bytes(content))
        return bytes(content)

    def _refuse(self, response: HTTPResponse, path: str, content: bytes) -> None:
        """Raises Unavailable unless the server says that all is well."""
        code = response.status
        if code in (401, 403):  # its own words might repeat the key
            raise Unavailable(f"{self.url} refuses the key ({code}): set CODETUNE_ENDPOINT_KEY to one that it knows")
        if 300 <= code < 400:
            raise Unavailable(f"{self.url} sends elsewhere ({code}), which is not followed: see codetune.endpoint")
        words = self._words(content) if code != 200 else ""
        if code == 404 and not words:  # a server that knows the path says what else it misses
            raise Unavailable(f"{self.url}/{path} is not there (404): the URL of most servers ends in /v1")
        if code != 200:
            raise Unavailable(f"{self.url}/{path} fails with {code}{words}")

    def _words(self, content: bytes) -> str:
        """What the server says about its failure, fit for a terminal and without the key; empty if it says nothing."""
        try:
            said = json.loads(content)
            said = str(said.get("error", said).get("message", ""))
        except (ValueError, RecursionError, AttributeError):
            return ""
        said = said.replace(self.key, "(key)") if self.key else said
        return f": {shown(said)}" if said else ""


def _left(deadline: float) -> float:
    """Seconds until then; raises TimeoutError where none are left."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def shown(text: str) -> str:
    """A server's words without what a terminal would obey, and not too many of them."""
    cleaned = "".join(character if character.isprintable() else " " for character in text[: _MOST_SAID + 1])
    return cleaned if len(cleaned) <= _MOST_SAID else f"{cleaned[:_MOST_SAID]} …"
