"""Which languages there are. A new one is one line here, and one for its suffixes in suffixes.py."""

from __future__ import annotations

from importlib import import_module

from codetune_git.languages import suffixes
from codetune_git.languages.go.language import GO
from codetune_git.languages.java.language import JAVA
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.languages.python.language import PYTHON

LANGUAGES: tuple[Language, ...] = (PYTHON, JAVASCRIPT, GO, JAVA)
ADDED: tuple[str, ...] = ()


def add(place: str) -> None:
    """Know a language from outside the package, in this process and in the workers that it starts.

    `place` names a value of a module, as in `package.module:VALUE`. To be called before the table of languages is
    loaded. Adding it again changes nothing.
    """
    global LANGUAGES, ADDED
    if place in ADDED:
        return
    module, _, name = place.partition(":")
    language: Language = getattr(import_module(module), name)
    LANGUAGES, ADDED = (*LANGUAGES, language), (*ADDED, place)
    read = tuple(suffix for each in (language, *language.dialects) for suffix in each.grammar.suffixes)
    suffixes.BY_LANGUAGE = {**suffixes.BY_LANGUAGE, language.name: read}
    suffixes.SUFFIXES = (*suffixes.SUFFIXES, *read)
