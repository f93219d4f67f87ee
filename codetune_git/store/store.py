"""The store as the commands see it. Knows which writes need the lock; the how is in the modules beside this one."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codetune_git.domain import Skipped, Verdict
from codetune_git.errors import AdapterMissing, DataRefused, Unavailable, UsageError
from codetune_git.store.database import Database
from codetune_git.store.lock import Lock
from codetune_git.store.pointer import active_id, known_ids

# What writes and checks adapters is loaded where there are any: for a hook without one that is a tenth of its time.
if TYPE_CHECKING:
    from codetune_git.store.values import Adapter, Cursor, Decided, EvaluationRecord, Manifest

_OIDS_A_QUERY = 500
_MOST_VERDICTS = 2000
_DECIDED = "time, verdict, path, oid, line, kind, original, replacement"


def _decided(row: tuple[Any, ...]) -> Decided:
    from codetune_git.store.values import Decided

    number, time, verdict, path, oid, line, kind, original, replacement = row
    texts = tuple(json.loads(original)), tuple(json.loads(replacement))
    return Decided(number, time, Verdict(verdict), json.loads(path), oid, line, kind, *texts)


class Store:
    """What is kept in `folder`, which need not exist before the first write. For one thread of one process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock(folder)
        self._database = Database(folder / "codetune.sqlite")
        self._staged: set[Path] = set()

    @property
    def warnings(self) -> tuple[str, ...]:
        """A line for each thing that was found damaged and repaired."""
        return tuple(self._database.warnings)

    def close(self) -> None:
        """Let go of the SQLite file; it opens again when needed."""
        self._database.close()

    def lock(self, purpose: str) -> AbstractContextManager[None]:
        """Hold the lock; raises Unavailable at once, saying who holds it, where another process does.

        What writes adapters takes it by itself. `train` takes it around everything, from reading the cursor on.
        """
        return self._lock.held(purpose)

    # Counts: a cache

    def blob_counts(self, oids: Iterable[str], version: str) -> dict[str, bytes]:
        """The payloads kept for these blobs by the catalogue `version`; those not kept are absent."""

        def query(connection: sqlite3.Connection) -> dict[str, bytes]:
            payloads: dict[str, bytes] = {}
            rest = iter(oids)
            while chunk := tuple(islice(rest, _OIDS_A_QUERY)):
                marks = ",".join("?" * len(chunk))
                sql = f"SELECT oid, payload FROM blob_counts WHERE version = ? AND oid IN ({marks})"
                payloads.update(connection.execute(sql, (version, *chunk)))
            return payloads

        oids = tuple(oids)
        return self._database.read(query, {})

    def remember_counts(self, counts: Mapping[str, bytes], version: str, others: Sequence[str] = ()) -> bool:
        """Keep a payload per blob; forget what neither this version nor `others` counted. False if not possible."""

        def action(connection: sqlite3.Connection) -> None:
            rows = [(version, oid, payload) for oid, payload in counts.items()]
            connection.executemany("INSERT OR REPLACE INTO blob_counts VALUES (?, ?, ?)", rows)
            marks = ", ".join("?" * (1 + len(others)))
            connection.execute(f"DELETE FROM blob_counts WHERE version NOT IN ({marks})", (version, *others))

        try:
            self._database.write(action)
        except (sqlite3.Error, OSError):
            return False  # only a cache: what cannot be kept is counted again
        return True

    # Verdicts: a cache

    def verdict(self, key: str) -> str | None:
        """The payload that is kept for `key`."""
        sql = "SELECT payload FROM verdicts WHERE key = ?"
        none: tuple[str] | None = None
        row = self._database.read(lambda connection: connection.execute(sql, (key,)).fetchone(), none)
        return row[0] if row else None

    def remember_verdict(self, key: str, payload: str) -> bool:
        """Keep `payload`, and of all only the newest; False where that was not possible."""

        def action(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO verdicts VALUES (?, ?)", (key, payload))
            newest = "SELECT max(rowid) FROM verdicts"
            connection.execute(f"DELETE FROM verdicts WHERE rowid <= ({newest}) - ?", (_MOST_VERDICTS,))

        try:
            self._database.write(action)
        except (sqlite3.Error, OSError):
            return False
        return True

    # Evaluations

    def record_evaluation(self, record: EvaluationRecord) -> None:
        """Add an evaluation to the record; raises Unavailable."""
        row = (record.adapter, record.time, json.dumps(dict(record.metrics)))
        sql = "INSERT INTO exams VALUES (?, ?, ?)"
        self._write(lambda connection: connection.execute(sql, row), "the evaluation cannot be recorded")

    def evaluations(self) -> tuple[EvaluationRecord, ...]:
        """All evaluations, oldest first."""
        from codetune_git.store.values import EvaluationRecord

        sql = "SELECT adapter, time, metrics FROM exams ORDER BY time, rowid"
        none: list[tuple[str, int, str]] = []
        rows = self._database.read(lambda connection: connection.execute(sql).fetchall(), none)
        return tuple(EvaluationRecord(adapter, time, json.loads(metrics)) for adapter, time, metrics in rows)

    # Decisions

    def remember(self, decisions: Iterable[Decided]) -> None:
        """Keep what was decided; raises Unavailable."""
        # As JSON also a path that is not UTF-8 has a form that SQLite takes.
        rows = [
            (
                d.time,
                d.verdict.value,
                json.dumps(d.path),
                d.oid,
                d.line,
                d.kind,
                json.dumps(d.original),
                json.dumps(d.replacement),
            )
            for d in decisions
        ]
        sql = f"INSERT INTO decisions ({_DECIDED}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        self._write(lambda connection: connection.executemany(sql, rows), "what was decided cannot be kept")

    def decisions(self) -> tuple[Decided, ...]:
        """All that was decided, oldest first."""
        sql = f"SELECT id, {_DECIDED} FROM decisions ORDER BY id"
        none: list[tuple[Any, ...]] = []
        rows = self._database.read(lambda connection: connection.execute(sql).fetchall(), none)
        return tuple(map(_decided, rows))

    def forget(self, numbers: Iterable[int]) -> None:
        """Forget these decisions; raises Unavailable."""
        rows = [(number,) for number in numbers]
        sql = "DELETE FROM decisions WHERE id = ?"
        self._write(lambda connection: connection.executemany(sql, rows), "decisions cannot be forgotten")

    def _write(self, action: Callable[[sqlite3.Connection], object], what: str) -> None:
        try:
            self._database.write(action)
        except sqlite3.Error as error:
            raise Unavailable(f"{what} in {self._folder}: {error}") from error

    # Adapters

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """An empty folder to write an adapter into, with the lock held; gone afterwards unless it was published.

        Holds `adapter/` and `light/`; raises Unavailable or OSError.
        """
        from codetune_git.store import adapter_folder

        with self.lock("train"):
            adapters = self._folder / "adapters"
            adapters.mkdir(exist_ok=True)
            adapter_folder.sweep(self._folder, self._staged)
            folder = Path(tempfile.mkdtemp(prefix=".staging-", dir=adapters))
            self._staged.add(folder)
            try:
                for name in ("adapter", "light"):
                    (folder / name).mkdir()
                yield folder
            finally:
                self._staged.discard(folder)
                shutil.rmtree(folder, ignore_errors=True)

    @property
    def checkpoint(self) -> Path:
        """The file of a training's checkpoint; publishing removes it."""
        return self._folder / "checkpoint" / "training.safetensors"

    def publish(self, staged: Path, manifest: Manifest, cursor: Cursor) -> str:
        """Make what was written into `staged` the active adapter, and its cursor the cursor; returns its new id.

        Raises DataRefused (a file or tensor that an adapter may not hold), Unavailable, OSError.
        """
        from codetune_git.store import adapter_folder

        with self.lock("train"):
            adapter_id = adapter_folder.publish(self._folder, staged, manifest, cursor)
            shutil.rmtree(self.checkpoint.parent, ignore_errors=True)
            return adapter_id

    def adopt(self, staged: Path, *, base: str) -> Adapter:
        """Make what was fetched into `staged` the active adapter, after every check. Raises DataRefused.

        `base`: the identity of the base that it must have been trained on.
        """
        from codetune_git.store import adapter_folder

        with self.lock("fetch"):
            return self.load(adapter_folder.adopt(self._folder, staged, base), thorough=False)

    def active(self, *, base: str | None = None) -> Adapter | None:
        """The active adapter after the quick check, None before the first training; raises DataRefused."""
        adapter_id = active_id(self._folder)
        return None if adapter_id is None else self.load(adapter_id, base=base, thorough=False)

    def load(self, adapter_id: str, *, base: str | None = None, thorough: bool = True) -> Adapter:
        """An adapter after its checks; raises DataRefused. `base`: the identity that it must have been trained on.

        Not `thorough` trusts files whose size and time are as recorded; otherwise every byte is digested.
        """
        from codetune_git.store.checks import verified

        folder = self._folder / "adapters" / adapter_id
        return verified(folder, adapter_id, base=base, thorough=thorough)

    def find(self, beginning: str) -> str:
        """The one id that begins so; raises AdapterMissing where there is none, UsageError where there are several."""
        ids = [known for known in known_ids(self._folder) if known.startswith(beginning)]
        if not ids or not beginning:
            raise AdapterMissing(f"no adapter {beginning!r}: see `git codetune adapters list`")
        if len(ids) > 1:
            raise UsageError(f"{beginning!r} is the beginning of {len(ids)} adapters, {ids[0]} to {ids[-1]}")
        return ids[0]

    def adapters(self) -> tuple[tuple[Adapter, ...], tuple[Skipped, ...]]:
        """All adapters that pass the quick check, oldest first, and those that do not."""
        sound, refused = [], []
        for adapter_id in known_ids(self._folder):
            try:
                sound.append(self.load(adapter_id, thorough=False))
            except DataRefused as error:
                refused.append(Skipped(adapter_id, str(error)))
        return tuple(sound), tuple(refused)

    def activate(self, adapter_id: str, *, base: str | None = None) -> Adapter:
        """Make an older (or newer) adapter the active one; raises DataRefused, Unavailable, OSError."""
        from codetune_git.store import adapter_folder

        with self.lock("use"):
            adapter = self.load(adapter_id, base=base)
            adapter_folder.point_to(self._folder, adapter_id)
        return adapter

    def prune(self, keep: int) -> tuple[str, ...]:
        """Remove all but the `keep` newest and the active one; returns what went. Raises Unavailable, OSError."""
        if not (self._folder / "adapters").exists():
            return ()
        from codetune_git.store import adapter_folder

        with self.lock("prune"):
            ids = known_ids(self._folder)
            kept = {*ids[max(0, len(ids) - keep) :], active_id(self._folder)}
            removed = tuple(known_id for known_id in ids if known_id not in kept)
            for adapter_id in removed:
                adapter_folder.remove(self._folder, adapter_id)
            adapter_folder.sweep(self._folder, self._staged)
            return removed

    def cursor(self, adapter: Adapter | None = None) -> Cursor:
        """How far an adapter, by default the active one, has learned the history; raises DataRefused."""
        from codetune_git.store import adapter_folder
        from codetune_git.store.values import Cursor

        adapter_or_active = adapter or self.active()
        return Cursor() if adapter_or_active is None else adapter_folder.read_cursor(adapter_or_active.folder)
