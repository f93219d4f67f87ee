"""How manifests and cursors are written: strict JSON. Knows their keys and types; does not know files or digests.

A key that is missing, foreign or of another type refuses the whole document: an adapter may come from elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from codetune_git.store.values import Cursor, FileRecord, Manifest

_FORMAT = 1
_RECORD_TYPES: dict[str, type] = {"path": str, "size": int, "sha256": str, "mtime_ns": int}
_COUNTS = ("samples", "metrics")
_INTEGERS = ("created", "commits")


def _object(document: object, keys: set[str]) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise ValueError("is not an object")
    for problem, names in (("foreign", document.keys() - keys), ("missing", keys - document.keys())):
        if names:
            raise ValueError(f"has a {problem} key {min(names)!r}")
    return document


def _typed(name: str, value: object, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueError(f"has a {name!r} that is not of type {kind.__name__}")
    return value


def _strings(name: str, value: object) -> tuple[str, ...]:
    return tuple(_typed(name, entry, str) for entry in _typed(name, value, list))


def _numbers(name: str, value: object) -> dict[str, Any]:
    for entry in _typed(name, value, dict).values():
        if type(entry) is not int and (name == "samples" or type(entry) is not float):
            raise ValueError(f"has a {name!r} with something other than numbers")
    return _typed(name, value, dict)  # type: ignore[no-any-return]


def _field(name: str, value: object) -> object:
    if name in _COUNTS:
        return _numbers(name, value)
    if name == "parent" and value is None:
        return None
    return _typed(name, value, int if name in _INTEGERS else str)


def _record(document: object) -> FileRecord:
    found = _object(document, set(_RECORD_TYPES))
    return FileRecord(**{name: _typed(name, found[name], kind) for name, kind in _RECORD_TYPES.items()})


def _parsed(text: bytes, keys: set[str]) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("is not JSON (cut off?)") from None
    if isinstance(document, dict) and document.get("format", _FORMAT) != _FORMAT:
        raise ValueError(f"is of format {document['format']!r}, written by another version of codetune")
    return _object(document, {"format", *keys})


def _dumped(document: Mapping[str, object]) -> bytes:
    return (json.dumps({"format": _FORMAT, **document}, indent=1) + "\n").encode()


def encode_manifest(adapter_id: str, manifest: Manifest, files: tuple[FileRecord, ...]) -> bytes:
    """The text of manifest.json."""
    values = {field.name: getattr(manifest, field.name) for field in fields(Manifest)}
    values |= {name: dict(values[name]) for name in _COUNTS}
    return _dumped({"id": adapter_id, **values, "files": [asdict(record) for record in files]})


def decode_manifest(text: bytes) -> tuple[str, Manifest, tuple[FileRecord, ...]]:
    """The id, manifest and files that manifest.json names; raises ValueError saying what is wrong with it."""
    names = {field.name for field in fields(Manifest)}
    document = _parsed(text, {"id", "files", *names})
    manifest = Manifest(**{name: _field(name, document[name]) for name in names})  # type: ignore[arg-type]
    files = tuple(_record(entry) for entry in _typed("files", document["files"], list))
    return _typed("id", document["id"], str), manifest, files


def encode_cursor(cursor: Cursor) -> bytes:
    """The text of cursor.json."""
    return _dumped({"tips": cursor.tips, "fingerprints": sorted(cursor.fingerprints), "left_out": cursor.left_out})


def decode_cursor(text: bytes) -> Cursor:
    """The cursor; raises ValueError saying what is wrong with it."""
    document = _parsed(text, {"tips", "fingerprints", "left_out"})
    fingerprints = frozenset(_strings("fingerprints", document["fingerprints"]))
    return Cursor(_strings("tips", document["tips"]), fingerprints, _strings("left_out", document["left_out"]))
