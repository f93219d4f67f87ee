"""The SQLite file: caches of counts and verdicts, the record of evaluations, and people's decisions.

Knows SQL and broken files; does not know adapters.

Several processes may use it at once. A file that is damaged, or of another layout, is set aside as
`codetune.sqlite.broken` and begun anew: that costs time, not adapters. Where nothing can be written (a read-only
checkout) it is still read.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_LAYOUT = 2
_EXTENDED = (0, 1)  # earlier layouts (0: an empty file) of which all tables stay as they are
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS blob_counts (
    version TEXT NOT NULL, oid TEXT NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (version, oid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS exams (adapter TEXT NOT NULL, time INTEGER NOT NULL, metrics TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS decisions (
    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, verdict TEXT NOT NULL, path TEXT NOT NULL, oid TEXT NOT NULL,
    line INTEGER NOT NULL, kind TEXT NOT NULL, original TEXT NOT NULL, replacement TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS verdicts (key TEXT PRIMARY KEY, payload TEXT NOT NULL);
PRAGMA user_version = {_LAYOUT};
COMMIT;
"""
_BUSY_SECONDS = 10.0


class _Damaged(sqlite3.DatabaseError):
    """The file is no database, is corrupt, or has a layout of another version."""


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _connected(path: Path) -> sqlite3.Connection:
    """An open database of our layout; raises _Damaged or sqlite3.Error."""
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        (layout,) = connection.execute("PRAGMA user_version").fetchone()
        if layout in _EXTENDED:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)
        elif layout != _LAYOUT:
            raise _Damaged(f"has the layout {layout} of another version")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection
    except BaseException:
        connection.close()
        raise


def _read_only(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    if connection.execute("PRAGMA user_version").fetchone()[0] not in (*_EXTENDED, _LAYOUT):
        connection.close()
        raise _Damaged("has another layout")
    return connection


def _inode_of(path: Path) -> int:
    """Which file `path` names now; 0 where there is none."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


class Database:
    """The file at `path`, opened when first needed; for one thread. `warnings` says what went wrong and was mended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self.warnings: list[str] = []

    def read(self, query: Callable[[sqlite3.Connection], T], empty: T) -> T:
        """What `query` returns; `empty` where there is no file yet or it cannot be read."""
        if self._connection is None and not self._path.exists():
            return empty
        try:
            return self._tried(query)
        except (sqlite3.Error, OSError) as error:
            self.warnings.append(f"{self._path} cannot be read ({error}): going on without it")
            return empty

    def write(self, action: Callable[[sqlite3.Connection], object]) -> None:
        """Do `action` in one transaction; raises OSError or sqlite3.Error (a full disk, a read-only folder)."""

        def transaction(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            try:
                action(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._tried(transaction)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _tried(self, action: Callable[[sqlite3.Connection], T]) -> T:
        """Twice at most: after the first failure a damaged file is set aside."""
        try:
            return action(self._open())
        except _Damaged as damage:
            self._set_aside(str(damage))
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self._set_aside(f"is damaged ({error})")
        return action(self._open())

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._inode = _inode_of(self._path)
            try:
                self._connection = _connected(self._path)
                self._inode = _inode_of(self._path)
            except sqlite3.OperationalError:
                if not self._path.exists():
                    raise
                self._connection = _read_only(self._path)
        return self._connection

    def _set_aside(self, reason: str) -> None:
        from filelock import FileLock

        self.close()
        with FileLock(self._path.with_suffix(".lock"), timeout=_BUSY_SECONDS):
            # Another process may have mended it meanwhile: never set aside what it has begun anew.
            if self._inode and _inode_of(self._path) == self._inode:
                for suffix in ("-wal", "-shm"):
                    Path(f"{self._path}{suffix}").unlink(missing_ok=True)
                os.replace(self._path, self._aside())
        self.warnings.append(f"{self._path} {reason}: set aside as {self._path.name}.broken and begun anew")

    def _aside(self) -> Path:
        """A name that is free: decisions lie in such a file, too."""
        names = ("broken", *(f"broken-{number}" for number in range(2, 100)))
        places = (Path(f"{self._path}.{name}") for name in names)
        return next((place for place in places if not place.exists()), Path(f"{self._path}.broken"))
