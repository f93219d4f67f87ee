"""Synthetic houses with clear and opposite habits: repositories in which nearly every convention is written one way.

    python -m benchmarks.safety_houses FOLDER --house modern|classic|mixed [--commits 150]

Knows texts of one neutral style and, for each house, which variant of a convention it writes. What cannot be written
that way stays as it is. The history is always the same: one `git fast-import`, a module a commit.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.table import CATALOGUE
from codetune_git.samples.patch import Patch
from codetune_git.text.source import Source

_THINGS = [
    "order",
    "invoice",
    "parcel",
    "ticket",
    "route",
    "garden",
    "harbor",
    "lantern",
    "pebble",
    "meadow",
    "saddle",
    "copper",
    "violin",
    "anchor",
]
_VERBS = [
    "load",
    "store",
    "check",
    "merge",
    "split",
    "count",
    "fetch",
    "pack",
    "weigh",
    "mark",
    "trace",
    "guard",
    "shift",
    "open",
    "close",
    "drain",
]
_FIELDS = ["size", "owner", "state", "price", "color", "weight", "label", "stamp", "origin", "depth", "width"]
_START, _HOUR = 1_700_000_000, 3600
_PASSES = 3  # what one convention writes may be another one's site

_HEAD = '''\
"""Works on every {thing}."""

import json
import logging
import os
from collections import Counter, OrderedDict, defaultdict
from itertools import chain, islice
from typing import Dict, List, Optional, Union

logger = logging.getLogger(__name__)
{FIELD} = 0xFACE
RATIO = 1.0
shorten = lambda text: text[:{number}]
'''

_PIECES = (
    '''\
def {verb}_{thing}s_{number}({field}, other=None, *more):
    """Say what the {thing} is.

    The {field} may be left out.
    """
    first{Field}, last_{thing} = {field}.strip(), {field}.upper()
    if other is None:
        return "{{}} without {field} of {{}}".format({field}, last_{thing})
    if first{Field} != last_{thing} and last_{thing} not in ("{word}", "none"):
        print("{word}: {{}}".format(first{Field}))
    # The rest is what it was.
    return "{{}} and {{}} are {{}}".format(first{Field}, last_{thing}, other)  # as asked
''',
    '''\
def {verb}_{thing}_{number}({thing}s: List[str], limit: Optional[int] = None) -> Dict[str, int]:
    """Collect the {field} of every {thing}."""
    known = set(one.{field} for one in {thing}s)
    every = list(one.{field} for one in {thing}s if one.{field} is not None)
    found = dict((one, {number} * 2 + 1) for one in {thing}s)
    extra = dict({field}=every[0:{number}], total=len(known) ** 2)
    empty, nothing, none = {{}}, [], ()
    if 0 < {number} and {number} < limit:
        found.update(extra, **empty)
    for place in range(0, len(every)):
        logger.info("{word} %s of %s", place, len(nothing) - len(none))
    return found
''',
    '''\
def {verb}_{field}_{number}(path, mode: Union[int, str] = 1):
    """Read the {field} of a {thing}."""
    with open(path, "r") as stream:
        while True:
            line = stream.readline()
            if not line:
                break
            logger.warning("{thing} line %s", line)
    def inner(value: Union[str, float]) -> List[int]:
        pass
    if mode == 1:
        return inner
    elif mode == 2:
        raise ValueError
    else:
        mode = (mode + 1)
    if not mode in [1, 2, 3]:
        raise NotImplementedError
    return None
''',
    '''\
class {Thing}{Verb}{number}(object):
    """A {thing} with its {field}.

    It has a {word} as well.
    """

    limit = {number}

    def __init__(self, {field}: Optional[int] = None):
        super({Thing}{Verb}{number}, self).__init__()
        self.{field} = {field}
        self.all_{field}s = []

    def show(self, {thing}: str) -> str:
        """Show the {thing}."""
        if self.{field} is None:
            raise AttributeError
        return "{{}} {{}}".format(self.{field}, {thing})

    def pair(self, {thing}, {word}):
        keptValue = {{"{field}": self.{field}, "{word}": {thing}}}
        return keptValue["{field}"], {word}, call_something_long(
            self.{field},
            {thing},
            "{word} of the whole {thing} that is here",
            keptValue["{word}"],
        )

    def nothing(self):
        return
''',
)


def _neutral(rng: Random, pieces: int) -> str:
    """A module in the neutral style."""
    parts = [_HEAD, *(rng.choice(_PIECES) for _ in range(pieces))]
    return "\n\n".join(_filled(part, rng) for part in parts)


def _filled(template: str, rng: Random) -> str:
    thing, verb, field, word = rng.choice(_THINGS), rng.choice(_VERBS), rng.choice(_FIELDS), rng.choice(_THINGS)
    upper = {"Thing": thing.title(), "Verb": verb.title(), "Field": field.title(), "FIELD": field.upper()}
    number = rng.randint(3, 9999)
    return template.format(thing=thing, verb=verb, field=field, word=word + "_kept", number=number, **upper)


def _modern() -> dict[str, str]:
    """What today's tools write, and the opposite of what they mend."""
    return {
        "comma_spacing": "spaced",
        "indentation_width": "4",
        "wrapping": "hang_close_comma",
        "trailing_comma": "comma",
        "docstring_quotes": "double3",
        "docstring_first_line": "same",
        "quotes": "double",
        "triple_quotes": "double",
        "unicode_prefix": "bare",
        "none_comparison": "is",
        "membership_negation": "x_not_in",
        "chained_comparison": "chained",
        "searched_literal": "tuple",
        "return_parens": "bare",
        "assignment_parens": "bare",
        "tuple_parens": "bare",
        "condition_parens": "bare",
        "empty_literal": "call",
        "dict_constructor": "call",
        "comprehension_constructor": "call",
        "number_case": "upper",
        "float_zero": "written",
        "range_start": "implicit",
        "open_mode": "implicit",
        "optional_annotation": "pipe",
        "union_annotation": "pipe",
        "generic_annotation": "builtin",
        "string_formatting": "fstring",
        "logging_arguments": "lazy",
        "pass_ellipsis": "ellipsis",
        "return_none": "bare",
        "raise_form": "class",
        "infinite_loop": "true",
        "else_after_return": "apart",
        "lambda_assignment": "def",
        "super_form": "arguments",
        "object_base": "bare",
        "local_naming": "snake",
    }


def _classic() -> dict[str, str]:
    """The opposite."""
    return {
        "comma_spacing": "spaced",  # idioms are looked for as they are spelled with a blank after each comma
        "indentation_width": "2",
        "wrapping": "aligned",
        "trailing_comma": "none",
        "docstring_quotes": "single3",
        "docstring_first_line": "next",
        "quotes": "single",
        "triple_quotes": "single",
        "none_comparison": "eq",
        "membership_negation": "not_x_in",
        "chained_comparison": "joined",
        "searched_literal": "list",
        "assignment_parens": "bare",
        "tuple_parens": "parens",
        "condition_parens": "bare",
        "empty_literal": "literal",
        "dict_constructor": "literal",
        "comprehension_constructor": "display",
        "number_case": "lower",
        "float_zero": "left_out",
        "range_start": "zero",
        "open_mode": "written",
        "optional_annotation": "typing",
        "union_annotation": "typing",
        "generic_annotation": "typing",
        "string_formatting": "percent",
        "logging_arguments": "percent",
        "pass_ellipsis": "pass",
        "return_none": "none",
        "raise_form": "instance",
        "infinite_loop": "one",
        "else_after_return": "else",
        "lambda_assignment": "lambda",
        "super_form": "bare",
        "object_base": "object",
        "local_naming": "camel",
    }


def _mixed() -> dict[str, str]:
    """What neither of them writes, or the one where the other goes with it."""
    return {
        **_classic(),
        "indentation_width": "4",
        "wrapping": "hang_close",
        "string_formatting": "format",
        "format_fields": "numbered",
        "logging_arguments": "fstring",
        "comprehension_constructor": "call_list",
        "none_comparison": "is",
        "chained_comparison": "chained",
        "return_parens": "bare",
        "tuple_parens": "bare",
        "condition_parens": "parens",
        "assignment_parens": "parens",
        "else_after_return": "apart",
        "lambda_assignment": "def",
        "object_base": "empty",
        "import_order": "unsorted",
        "imports_per_line": "separate",
        "quotes": "double",
        "local_naming": "snake",
    }


HOUSES: Mapping[str, Mapping[str, str]] = {"modern": _modern(), "classic": _classic(), "mixed": _mixed()}


def _rewritten(text: bytes, convention: Convention, variant: str) -> bytes:
    source = Source.parse(text, GRAMMAR)
    patch = Patch()
    for site in convention.sites(source):
        if site.variant != variant:
            patch.add(convention.rewrite(source, site, variant) or ())
    after = patch.apply(text)
    return text if Source.parse(after, GRAMMAR).has_error else after


def written(text: str, house: Mapping[str, str]) -> str:
    """`text` as `house` writes it."""
    styled = text.encode()
    for _ in range(_PASSES):
        for convention in CATALOGUE:
            if convention.name in house:
                styled = _rewritten(styled, convention, house[convention.name])
    return styled.decode()


def _stream(house: Mapping[str, str], commits: int) -> Iterator[bytes]:
    for number in range(commits):
        rng = Random(f"house {number}")
        text = written(_neutral(rng, 2), house).encode()
        when = _START + number * _HOUR
        yield b"commit refs/heads/main\n"
        yield f"author Ada <ada@example.invalid> {when} +0000\n".encode()
        yield f"committer Ada <ada@example.invalid> {when} +0000\n".encode()
        yield b"data 8\nA module\n"
        yield f"M 100644 inline shop/{rng.choice(_THINGS)}_{number}.py\n".encode()
        yield b"data %d\n%s\n" % (len(text), text)


def build(folder: Path, house: str, commits: int = 150) -> None:
    """A repository of that house in `folder`, which must not be there."""
    folder.mkdir(parents=True)
    git = ["git", "-C", str(folder)]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    subprocess.run([*git, "config", "user.name", "Ada"], check=True)
    subprocess.run([*git, "config", "user.email", "ada@example.invalid"], check=True)
    content = b"".join(_stream(HOUSES[house], commits))
    subprocess.run([*git, "fast-import", "--quiet"], input=content, check=True)
    subprocess.run([*git, "reset", "-q", "--hard"], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--house", choices=HOUSES, required=True)
    parser.add_argument("--commits", type=int, default=150)
    given = parser.parse_args()
    build(given.folder, given.house, given.commits)


if __name__ == "__main__":
    main()
