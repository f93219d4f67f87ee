"""What was suggested about a text before, kept: a hook that runs again has nothing to load. Joins store and report.

A verdict depends on the adapter and where it is scored, the commit whose habits count, the settings, and the file with
its added lines; all of that is its key. What a person rejects is taken away afterwards: decisions are no part of it.
"""

from __future__ import annotations

import hashlib
import json

from codetune_git import __version__
from codetune_git.domain import Findings, Outcome, Skipped, StagedFile
from codetune_git.errors import DataRefused
from codetune_git.report.json import parse_json, render_json
from codetune_git.store import Store

# Raise this by one whenever the same text may be judged or proven otherwise under the same version.
_REVISION = 5


def verdict_key(file: StagedFile, *settings: object) -> str:
    """`settings`: whatever else decides, each with a `repr` that tells values apart."""
    head = hashlib.sha256(file.head).hexdigest() if file.head is not None else None
    said = repr((__version__, _REVISION, file.path, file.oid, head, file.added, *settings))
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()


def load_verdict(store: Store, key: str) -> Outcome | None:
    """The kept verdict; None where there is none, or none that this version understands."""
    payload = store.verdict(key)
    if payload is None:
        return None
    try:
        skipped = json.loads(payload)["skipped"]
        return parse_json(payload), tuple(Skipped(**one) for one in skipped)
    except (ValueError, KeyError, TypeError, DataRefused):
        return None


def save_verdict(store: Store, key: str, outcome: Outcome) -> None:
    """Only a cache: what cannot be kept is found anew."""
    store.remember_verdict(key, render_json(Findings(*outcome, "", "")))
