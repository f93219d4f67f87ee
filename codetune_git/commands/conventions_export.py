"""`git codetune conventions --as`: a house's habits for other tools and for coding agents.

1 the habits of HEAD, less what configured tools enforce
2 the text for the tool; of a formatter the settings that change fewest lines
3 printed, or put between markers in a file, or compared with what stands there
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from codetune_git.commands.user_file import replace_text, text_of
from codetune_git.domain import Refusal
from codetune_git.errors import DataRefused, UsageError
from codetune_git.exports.block import with_block
from codetune_git.exports.editorconfig import editorconfig, shape_of
from codetune_git.exports.enforced import SETTINGS_FILES, enforced
from codetune_git.exports.eslint import eslint
from codetune_git.exports.formatters import FORMATTERS, Formatter
from codetune_git.exports.instructions import instructions
from codetune_git.exports.rules import rules
from codetune_git.git.repository import Repository
from codetune_git.languages.known import LANGUAGES
from codetune_git.languages.language import qualified
from codetune_git.languages.paths import suffix_of
from codetune_git.languages.table import language_of
from codetune_git.pipelines.formatter_settings import formatter_settings
from codetune_git.pipelines.habits import CountedHabits, counted_habits
from codetune_git.pipelines.kinds import wanted
from codetune_git.pipelines.style_counts import texts_at
from codetune_git.process.terminal import Stages
from codetune_git.requests import ExportRequest
from codetune_git.store import Store
from codetune_git.style.width import line_limit

_USUAL_WIDTHS = (0, 79, 80, 88)
STALE = 1


@dataclass(frozen=True, slots=True)
class _House:
    """What the exports are made of."""

    repository: Repository
    counted: CountedHabits

    def contents(self) -> dict[str, bytes]:
        """The counted files of HEAD."""
        paths = [file.path for file, _ in self.counted.today.files]
        return texts_at(self.repository, self.counted.tip, paths)

    def widths(self) -> dict[str, int]:
        """By language the columns that its lines keep within; 0 where nothing tells."""
        counts = self.counted.today.counts
        return {language.name: line_limit(counts, language.name) for language in LANGUAGES}

    def width_at(self, path: str) -> int:
        """The columns that the lines of a counted file keep within; 0 where nothing tells."""
        language = language_of(path)
        return line_limit(self.counted.today.counts, language.name) if language else 0


def house_of(repository: Repository, kinds: Sequence[str] = ()) -> _House:
    """Step 1. Raises CodetuneError."""
    return _House(repository, counted_habits(repository, Store(repository.codetune_dir), wanted(kinds)))


def agents_body(house: _House) -> str:
    """The instructions for coding agents."""
    settings = texts_at(house.repository, house.counted.tip, SETTINGS_FILES, suffixes=())
    seen_to = enforced({name: content.decode("utf-8", "replace") for name, content in settings.items()})
    widths = {
        language: width
        for language, width in house.widths().items()
        if width not in _USUAL_WIDTHS and qualified(language, "comma_spacing") not in seen_to
    }
    return instructions(rules(house.counted.habits, seen_to), widths)


def _editorconfig(house: _House) -> str:
    texts: dict[str, list[str]] = {}
    widths: dict[str, int] = {}
    for path, content in sorted(house.contents().items()):
        suffix = suffix_of(path)
        if suffix not in texts:
            texts[suffix], widths[suffix] = [], house.width_at(path)
        texts[suffix].append(content.decode("utf-8", "replace"))
    return editorconfig(texts, widths)


def _formatter(house: _House, formatter: Formatter) -> str:
    files = [item for item in sorted(house.contents().items()) if suffix_of(item[0]) in formatter.suffixes]
    if not files:
        return f"{formatter.comment} No file at HEAD is in a language that {formatter.name} formats.\n"
    width = house.width_at(files[0][0])
    step = shape_of(content.decode("utf-8", "replace") for _, content in files).step or 0
    with Stages().stage(f"Trying settings of {formatter.name}"):
        found = formatter_settings(house.repository, formatter, files, (house.counted.habits, width, step))
    if found.lines is None:
        said = f"Rests on counts, not on a run: {formatter.name} is not installed ({formatter.install})."
    else:
        said = (
            f"{formatter.name} changes {found.lines:,} lines at HEAD with these settings, "
            f"{found.by_default:,} with its defaults; there are {found.every:,}."
        )
    return f"{formatter.comment} {said}\n{formatter.written(formatter.changed(found.settings))}"


def _text(house: _House, target: str) -> str:
    """Step 2."""
    made: Mapping[str, Callable[[], str]] = {
        "agents": lambda: agents_body(house),
        "editorconfig": lambda: _editorconfig(house),
        "eslint": lambda: eslint(house.counted.habits),
    }
    return made[target]() if target in made else _formatter(house, FORMATTERS[target])


def _placed(body: str, place: Path, *, check: bool) -> int:
    """Step 3 with a file. Raises DataRefused where its markers are not as they were written."""
    if place.exists() and not place.is_file():
        raise UsageError(f"--write {place}: that is no regular file, name one")
    file = Path(os.path.realpath(place))  # somebody has named it: a link is followed, to the file that it means
    if not file.parent.is_dir():
        raise UsageError(f"--write {place}: its folder is not there, make it first")
    before = text_of(file)
    after = with_block(before, body)
    if isinstance(after, Refusal):
        raise DataRefused(f"{place} stays as it is, {after}")
    if after == before:
        return 0
    if check:
        print(f"codetune: {place} is stale: git codetune conventions --as agents --write {place}", file=sys.stderr)
        return STALE
    replace_text(file, after)
    print(f"codetune: wrote {place}", file=sys.stderr)
    return 0


def run(request: ExportRequest) -> int:
    """Print or write what `request` asks for; 1 where `check` finds a file stale. Raises CodetuneError."""
    if (request.write or request.check) and request.target != "agents":
        raise UsageError("--write and --check keep the block of --as agents: redirect what is printed for other tools")
    if request.check and request.write is None:
        raise UsageError("--check compares a file with what --write would write: name it with --write FILE")
    house = house_of(Repository.open(request.start), request.options.kinds)
    text = _text(house, request.target)
    if request.write is not None:
        return _placed(text, request.write, check=request.check)
    sys.stdout.write(text)
    return 0
