"""Cached verdicts: a hook that runs again on the same text loads no model. Joins store and report.

The key of a verdict holds all that it depends on: the adapter and where it is scored, the commit whose counts are
taken, the settings, and the file with its added lines. Rejections are applied afterwards and are no part of it.
"""

from __future__ import annotations

import hashlib
import json

from codetune_git import __version__
from codetune_git.domain import Findings, Outcome, Skipped, StagedFile
from codetune_git.errors import DataRefused
from codetune_git.report.formats import Report, render
from codetune_git.report.json import parse_json
from codetune_git.store import Store

# Raise this by one whenever the same text may be judged or proven otherwise under the same version.
_REVISION = 10


def verdict_key(file: StagedFile, *settings: object) -> str:
    """The key of a file's verdict. `settings`: all else it depends on, each with a `repr` that tells values apart."""
    head = hashlib.sha256(file.head).hexdigest() if file.head is not None else None
    said = repr((__version__, _REVISION, file.path, file.oid, head, file.added, *settings))
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()


def load_verdict(store: Store, key: str) -> Outcome | None:
    """The cached verdict; None where there is none that this version understands."""
    payload = store.verdict(key)
    if payload is None:
        return None
    try:
        skipped = json.loads(payload)["skipped"]
        return parse_json(payload), tuple(Skipped(**one) for one in skipped)
    except (ValueError, KeyError, TypeError, DataRefused):
        return None


def save_verdict(store: Store, key: str, outcome: Outcome) -> None:
    """Cache a verdict. A failure is none: it is computed anew."""
    store.remember_verdict(key, render(Report(Findings(*outcome, "", "")), "json"))
