"""An agent's settings with this tool's hooks and without them: texts in, texts out.

Knows JSON and that hooks are lists by event. Everything else that stands in the settings is kept, in its order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from codetune_git.domain import Refusal

_NOTHING = object()
_INDENTATION = re.compile(r'\n([ \t]+)"')


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs. Raises ValueError where a key is there twice: only one would be written."""
    if len(made := dict(pairs)) < len(pairs):
        raise ValueError("a key is there twice")
    return made


def _number(digits: str) -> float:
    """The number. Raises ValueError where another one would be written."""
    if Decimal(repr(number := float(digits))) != Decimal(digits):
        raise ValueError(f"{digits} is finer or greater than a number is kept")
    return number


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _parsed(text: str) -> dict[str, Any] | Refusal:
    """The settings, only where writing them again loses nothing."""
    try:
        settings = json.loads(text, object_pairs_hook=_object, parse_float=_number, parse_constant=_constant)
        json.dumps(settings, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return Refusal("it holds half of a surrogate pair")
    except ValueError as error:
        return Refusal(f"it is no JSON that can be written again without loss ({error})")
    except RecursionError:
        return Refusal("it is nested too deep")
    return settings if isinstance(settings, dict) else Refusal("it holds no JSON object")


def _written(settings: Mapping[str, Any], like: str) -> str:
    """The settings as JSON, indented and with the ends of lines of the text that they were read from."""
    indentation = found[1] if (found := _INDENTATION.search(like)) else "  "
    end = "\n" if not like or like.endswith("\n") else ""
    written = json.dumps(settings, indent=indentation, ensure_ascii=False) + end
    return written.replace("\n", "\r\n") if "\r\n" in like else written


def _calls(value: object, line: str) -> bool:
    """Whether a hook with this command line stands anywhere in it."""
    if isinstance(value, dict):
        return value.get("command") == line or any(_calls(part, line) for part in value.values())
    return isinstance(value, list) and any(_calls(part, line) for part in value)


def _less(value: Any, line: str) -> Any:
    """`value` without the hooks that call `line`, and without what only held such; _NOTHING where nothing is left."""
    if isinstance(value, list):
        kept = [(part, less) for part in value if (less := _less(part, line)) is not _NOTHING]
        # What stands around a list of hooks, such as a matcher, goes with it.
        rest: Any = [less for part, less in kept if not isinstance(part, dict) or len(less) == len(part)]
    elif isinstance(value, dict):
        if value.get("command") == line:
            return _NOTHING
        rest = {key: less for key, part in value.items() if (less := _less(part, line)) is not _NOTHING}
    else:
        return value
    return rest if rest or not value else _NOTHING


@dataclass(frozen=True, slots=True)
class JsonHooks:
    """Hooks in settings that are JSON. `line` is the command line that they call.

    `blank` is what the settings hold at least; `hooks` has, by the name of an event, what is added to its list.
    """

    line: str
    blank: Mapping[str, Any]
    hooks: Mapping[str, Mapping[str, Any]]

    @property
    def by_hand(self) -> str:
        """The settings with nothing but the hooks."""
        return json.dumps({**self.blank, "hooks": {event: [hook] for event, hook in self.hooks.items()}})

    def added(self, text: str | None, instructions: str = "") -> str | Refusal:
        """The settings with the hooks; the same text where it has them. None: there are no settings yet."""
        settings = _parsed(text) if text and text.strip() else dict(self.blank)
        if isinstance(settings, Refusal):
            return settings
        hooks = settings.setdefault("hooks", {})
        if not isinstance(hooks, dict) or not all(isinstance(hooks.get(event, []), list) for event in self.hooks):
            return Refusal("its hooks are not lists by event")
        missing = {event: hook for event, hook in self.hooks.items() if not _calls(hooks.get(event), self.line)}
        for event, hook in missing.items():
            hooks.setdefault(event, []).append(hook)
        return _written(settings, text or "") if missing else text or ""

    def removed(self, text: str) -> str | Refusal | None:
        """The settings without the hooks; None where nothing but what `added` writes at first is left."""
        if not text.strip():
            return text
        settings = _parsed(text)
        if isinstance(settings, Refusal):
            return settings
        if not _calls(hooks := settings.get("hooks"), self.line):
            return text
        less = _less(hooks, self.line)
        rest = {key: less if key == "hooks" else value for key, value in settings.items()}
        if less is _NOTHING:
            del rest["hooks"]
        return None if not rest or rest == dict(self.blank) else _written(rest, text)
