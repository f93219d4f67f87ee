"""Which languages there are. A new one is one line here, and one for its suffixes in suffixes.py."""

from __future__ import annotations

from codetune_git.languages.language import Language
from codetune_git.languages.python.language import PYTHON

LANGUAGES: tuple[Language, ...] = (PYTHON,)
