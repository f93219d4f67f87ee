"""Settings: which keys there are, who may set them, and which value holds.

Knows names, values and precedence. Does not know where files lie or how git is asked: layers are handed in, lowest
first. Of a repository's own files only safe keys are read: cloning a repository must not choose a model, a device or a
server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

from codetune_git.errors import UsageError

ENVIRONMENT_PREFIX = "CODETUNE_"
KEY_PREFIX = "codetune.key."  # the keys of the review, by action: not settings of one value each
ENDPOINT_KEY = "CODETUNE_ENDPOINT_KEY"  # no setting: a secret that is shown nowhere and kept in no file
_NEVER_FROM_FILES = (
    *("base", "baserevision", "revision", "adaptersource", "device", "precision"),
    *("endpoint", "endpointmodel"),
)
_URL = r"https?://([\w.-]+|\[[\da-f:.]+\])(:(?P<port>\d{1,5}))?(/[\w./~%-]*)?"
Precision = Literal["auto", "fp32", "bf16", "nf4"]
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "": 1.0}


@dataclass(frozen=True, slots=True)
class Options:
    """What is configured, all sources weighed. An empty tuple or None: nothing was said.

    `budget`: seconds that training may take. `base`: a folder or name of a base model; None is the embedded one.
    `base_revision`: which of the versions that have this name.
    `threads`: 0 is as many as there are cores. `threshold`: a confidence that replaces the calibrated one.
    `false_positive_rate`: share of clean hunks that may be flagged. `kinds`, `disabled_kinds`: conventions to hold
    code against, and not. `paths`: gitignore patterns of the files to look at. `hook_budget`: seconds that a hook may
    take. `color`: auto, always or never. `endpoint`: URL of a server that scores instead of this machine;
    `endpoint_model`: what the model is called there, the adapter's id if None. `precision`: how training holds the
    base's weights; auto is the widest that fits into memory, nf4 is 4 bits.
    """

    budget: float
    base: str | None
    base_revision: str | None
    threads: int
    threshold: float | None
    false_positive_rate: float
    kinds: tuple[str, ...]
    disabled_kinds: tuple[str, ...]
    paths: tuple[str, ...]
    hook_budget: float
    color: str
    endpoint: str | None
    endpoint_model: str | None
    precision: Precision


@dataclass(frozen=True, slots=True)
class Entry:
    """A setting as somebody wrote it: `value` is text or what TOML made of it; `origin` names the place for people."""

    name: str
    value: object
    origin: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The options, and for every key, in the order of the documentation, the entry that decided it."""

    options: Options
    entries: tuple[Entry, ...]


class ConfigValue(Protocol):
    """A value of git's configuration: `scope` is system, global, local, worktree or command."""

    @property
    def value(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def origin(self) -> str: ...


def _duration(value: object) -> float:
    parts = re.findall(r"(\d+(?:\.\d+)?)([hms]?)", str(value)) if not isinstance(value, bool) else []
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if not 0 < seconds < 1e7 or "".join(map("".join, parts)) != str(value):
        raise ValueError("a duration such as 5m, 90s or 1h30m")
    return seconds


def _count(least: int, most: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}", str(value)) or not least <= int(str(value)) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(str(value))

    return parse


def _share(value: object) -> float:
    try:
        share = float(value if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError("a number from 0 to 1")
    return share


def _names(value: object) -> tuple[str, ...]:
    found = value.split(",") if isinstance(value, str) else value
    if not isinstance(found, (list, tuple)) or not all(isinstance(name, str) for name in found):
        raise ValueError("names, separated by commas or as a list")
    return tuple(stripped for name in found if (stripped := name.strip()))


def _choice(*known: str) -> Callable[[object], str]:
    def parse(value: object) -> str:
        if value not in known:
            raise ValueError(f"{', '.join(known[:-1])} or {known[-1]}")
        return str(value)

    return parse


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a path or a name")
    return value


def _url(value: object) -> str:
    """Without the slash at its end. No place for a secret: what is configured may be shown."""
    found = re.fullmatch(_URL, value, re.ASCII | re.IGNORECASE) if isinstance(value, str) else None
    if found is None or int(found["port"] or 0) > 0xFFFF:
        raise ValueError(f"a URL such as https://host:8000/v1, without user, query or key (that is {ENDPOINT_KEY})")
    return found[0].rstrip("/")


@dataclass(frozen=True, slots=True)
class _Key:
    """A setting: how its values are read, and its default (None: nothing)."""

    name: str
    parse: Callable[[object], object]
    default: object

    @property
    def field(self) -> str:
        return self.name.replace("-", "_")


_KEYS = (
    _Key("budget", _duration, "5m"),
    _Key("base", _text, None),
    _Key("base-revision", _text, None),
    _Key("threads", _count(0, 1024), 0),
    _Key("threshold", _share, None),
    _Key("false-positive-rate", _share, 0.01),
    _Key("kinds", _names, ""),
    _Key("disabled-kinds", _names, ""),
    _Key("paths", _names, ""),
    _Key("hook-budget", _duration, "10s"),
    _Key("color", _choice("auto", "always", "never"), "auto"),
    _Key("endpoint", _url, None),
    _Key("endpoint-model", _text, None),
    _Key("precision", _choice(*get_args(Precision)), "auto"),
)


def _squashed(name: str) -> str:
    """One spelling for hook-budget, hook_budget, hookBudget and HOOK_BUDGET."""
    return re.sub("[-_]", "", name).lower()


_BY_SQUASHED = {_squashed(key.name): key for key in _KEYS}


def _closest(name: str) -> str | None:
    import difflib

    found = difflib.get_close_matches(_squashed(name), _BY_SQUASHED, n=1)
    return _BY_SQUASHED[found[0]].name if found else None


def _key_of(entry: Entry) -> _Key:
    key = _BY_SQUASHED.get(_squashed(entry.name))
    if key is None:
        closest = _closest(entry.name)
        hint = f"did you mean {closest!r}?" if closest else f"there are {', '.join(key.name for key in _KEYS)}"
        raise UsageError(f"{entry.origin}: unknown setting {entry.name!r}: {hint}")
    return key


def _parsed(key: _Key, entry: Entry) -> object:
    if entry.value is None:
        return None
    try:
        return key.parse(entry.value)
    except ValueError as error:
        raise UsageError(f"{entry.origin}: {key.name} is {entry.value!r} but must be {error}") from None


def command_line_layer(given: Mapping[str, object]) -> tuple[Entry, ...]:
    """The options that were given; None and empty tuples were not."""
    said = {name: value for name, value in given.items() if value is not None and value != ()}
    return tuple(Entry(name, value, f"--{name.replace('_', '-')}") for name, value in said.items())


def environment_layer(environment: Mapping[str, str]) -> tuple[Entry, ...]:
    """The variables CODETUNE_*; raises UsageError on a misspelt one, and leaves those alone that resemble no key."""
    found = []
    for variable, value in sorted(environment.items()):
        name = variable.removeprefix(ENVIRONMENT_PREFIX)
        if variable == ENDPOINT_KEY:
            continue
        if name != variable and value and (_squashed(name) in _BY_SQUASHED or _closest(name)):
            found.append(Entry(name, value, f"environment variable {variable}"))
    return tuple(found)


def git_layers(values: Mapping[str, ConfigValue]) -> tuple[tuple[Entry, ...], tuple[Entry, ...], tuple[Entry, ...]]:
    """What git's `codetune.*` says in three layers: for all repositories, for this one, and as `git -c`."""
    layers: dict[str, list[Entry]] = {"all": [], "this": [], "command": []}
    places = {"system": "all", "global": "all", "command": "command"}
    for name, found in values.items():
        if name.startswith(KEY_PREFIX):
            continue
        entry = Entry(name.removeprefix("codetune."), found.value, f"{found.scope} git config ({found.origin})")
        layers[places.get(found.scope, "this")].append(entry)
    return tuple(layers["all"]), tuple(layers["this"]), tuple(layers["command"])


def file_layer(content: bytes, file: str, table: Sequence[str] = ()) -> tuple[Entry, ...]:
    """The safe settings of a repository's own TOML file, from its `table`; raises UsageError on others, and no TOML."""
    if b"codetune" not in content and table:  # most pyproject.toml: nothing of ours, and perhaps half-merged
        return ()
    import tomllib  # 20 ms that few repositories need

    try:
        found: Any = tomllib.loads(content.decode())
    except ValueError as error:
        raise UsageError(f"{file} is not TOML: {error}") from None
    for name in table:
        found = found.get(name, {}) if isinstance(found, dict) else {}
    if not isinstance(found, dict):
        raise UsageError(f"{file}: [{'.'.join(table)}] is not a table")
    for name in found:
        if _squashed(name) in _NEVER_FROM_FILES:
            raise UsageError(
                f"{file}: {name!r} may not be set by a file of the repository: "
                f"remove it there and use `git config codetune.{_squashed(name)} ...`"
            )
    return tuple(Entry(name, value, file) for name, value in found.items())


def resolve(layers: Iterable[Iterable[Entry]] = ()) -> Resolved:
    """The options when later layers override earlier ones; raises UsageError on unknown keys and unreadable values."""
    decided = {key.name: Entry(key.name, key.default, "default") for key in _KEYS}
    for entry in (entry for layer in layers for entry in layer):
        decided[_key_of(entry).name] = entry
    parsed: dict[str, Any] = {key.field: _parsed(key, decided[key.name]) for key in _KEYS}
    named = tuple(Entry(name, entry.value, entry.origin) for name, entry in decided.items())
    return Resolved(Options(**parsed), named)
