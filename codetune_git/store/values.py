"""The values that the store keeps: adapters with their manifests, the cursor, evaluations, decisions.

Knows their shape. Does not know files, SQLite or git.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from codetune_git.domain import Verdict


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known about an adapter apart from its files.

    `parent` is the id of the adapter that training started from. `base` identifies the base model's weights (name and
    revision or digest), `family` its prompt format. `created` is in seconds since the epoch. `commits` is how many
    commits were read, refused and held-out ones among them, from `first_commit` to `last_commit`. `samples` counts by
    kind; `metrics` are the held-out ones.
    """

    name: str
    parent: str | None
    base: str
    family: str
    created: int
    codetune_version: str
    catalogue_version: str
    commits: int
    first_commit: str
    last_commit: str
    samples: Mapping[str, int]
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of an adapter: path relative to its folder, size in bytes, SHA-256 in hex, when it was last written."""

    path: str
    size: int
    sha256: str
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Adapter:
    """A published adapter that passed its checks. `weights` is the PEFT folder, `light` the compiled model's."""

    id: str
    folder: Path
    manifest: Manifest
    files: tuple[FileRecord, ...]

    @property
    def weights(self) -> Path:
        return self.folder / "adapter"

    @property
    def light(self) -> Path:
        return self.folder / "light"

    @property
    def calibration(self) -> Path:
        return self.folder / "calibration.json"

    @property
    def training_summary(self) -> str:
        """What it was trained on, in words. Not all commits that were read are among its samples."""
        return f"{sum(self.manifest.samples.values())} samples ({self.manifest.commits} commits read)"

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(record.size for record in self.files)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far the history was read: the tips that were walked from and the fingerprints of all commits read.

    Held-out and refused commits are among them. `left_out` names the commits that the budget did not reach.
    """

    tips: tuple[str, ...] = ()
    fingerprints: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluationRecord:
    """The metrics of `adapter` on commits that it had not seen, at `time` (seconds since the epoch)."""

    adapter: str
    time: int
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided at `time` (seconds since the epoch) about lines from `line` on of the staged blob `oid`.

    `replacement` is what was accepted, perhaps edited, or what was proposed and rejected. `number` is 0 until kept.
    """

    number: int
    time: int
    verdict: Verdict
    path: str
    oid: str
    line: int
    kind: str
    original: tuple[str, ...]
    replacement: tuple[str, ...]
