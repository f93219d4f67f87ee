"""Which files are not read, by their paths alone. Loads no grammar: asked before there is anything to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from codetune_git.domain import Refusal
from codetune_git.languages import suffixes
from codetune_git.languages.javascript.paths import refuse_path as refuse_javascript
from codetune_git.languages.python.paths import refuse_path as refuse_python
from codetune_git.languages.vendored import is_vendored

NO_LANGUAGE = Refusal("no language that is read")


def suffix_of(path: str) -> str:
    """How the name of a file ends, with the dot; "" where it has none."""
    return path[path.rfind(".") :] if "." in path.rpartition("/")[2] else ""


def _vendored(path: str) -> Refusal | None:
    return Refusal("vendored") if is_vendored(path) else None


def _not_read(path: str) -> Refusal:
    return NO_LANGUAGE


# The languages that leave out more than what is vendored.
_RULES: Mapping[str, Callable[[str], Refusal | None]] = {
    "python": refuse_python,
    "javascript": refuse_javascript,
    "typescript": refuse_javascript,
    "tsx": refuse_javascript,
}
_RULE_OF = {suffix: _RULES.get(name, _vendored) for name, ends in suffixes.BY_LANGUAGE.items() for suffix in ends}


def refuse_path(path: str) -> Refusal | None:
    """Why a file is not read, or None."""
    return _RULE_OF.get(suffix_of(path), _not_read)(path)
