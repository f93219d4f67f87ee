"""The catalogue of Python's conventions. Knows which families there are; does not know what is done with a site."""

from codetune_git.languages.language import families
from codetune_git.languages.python.conventions.idioms import (
    annotations,
    branches,
    classes,
    comparisons,
    default_arguments,
    formatting,
    lambdas,
    literals,
    naming,
    numbers,
    parentheses,
    quotes,
    statements,
)
from codetune_git.languages.python.conventions.layout import (
    blank_lines,
    docstring_fields,
    docstrings,
    imports,
    indentation,
    lists,
    summaries,
    whitespace,
)
from codetune_git.languages.python.conventions.spacing import (
    assignments,
    calls,
    comments,
    operators,
    padding,
    separators,
)
from codetune_git.languages.python.phrases import PHRASES
from codetune_git.languages.shared import operator_breaks, runs, wrapping

# Raise this by one whenever a family finds or rewrites its sites differently: counts are cached under it.
REVISION = 12

FAMILIES = families(
    operators,
    assignments,
    separators,
    padding,
    calls,
    comments,
    blank_lines,
    indentation,
    wrapping,
    lists,
    operator_breaks,
    runs,
    whitespace,
    docstrings,
    summaries,
    docstring_fields,
    imports,
    quotes,
    comparisons,
    parentheses,
    literals,
    numbers,
    default_arguments,
    annotations,
    formatting,
    statements,
    branches,
    lambdas,
    classes,
    naming,
    phrases=PHRASES,
)
