"""The packages and modules that are rewritten and tested, the cheap ones first.

Knows names and folders. Does not know how anything is fetched, rewritten or tested.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Package:
    """A package that is tested from its source distribution.

    `source`: the folder or module that is rewritten; `tests`: what pytest is given; `needs`: what its tests import;
    `below`: where in the distribution both lie.
    """

    name: str
    source: str
    tests: tuple[str, ...] = ("tests",)
    needs: tuple[str, ...] = ()
    below: str = "."


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the standard library with its own tests."""

    name: str


Subject = Package | Module

PACKAGES: tuple[Package, ...] = (
    # in the order of what they cost: small files are proven faster than one large file
    Package("munch", "munch"),
    Package("addict", "addict", ("test_addict.py",)),
    Package("termcolor", "termcolor", ("../tests",), below="src"),
    Package("inflection", "inflection", ("test_inflection.py",)),
    Package("iniconfig", "iniconfig", ("../testing",), below="src"),
    Package("python-slugify", "slugify"),
    Package("uritemplate", "uritemplate"),
    Package("iso8601", "iso8601", ("iso8601/test_iso8601.py",), ("hypothesis", "pytz")),
    Package("jsonpointer", "jsonpointer.py", ("tests.py",)),
    Package("texttable", "texttable.py", ("tests.py",)),
    Package("xmltodict", "xmltodict.py"),
    Package("itsdangerous", "itsdangerous", ("../tests",), ("freezegun",), below="src"),
    Package("parse", "parse"),
    Package("schema", "schema", ("test_schema.py",), ("mock",)),
    Package("hyperframe", "hyperframe", ("../tests",), below="src"),
    Package("isodate", "isodate", ("../tests",), below="src"),
    Package("python-dotenv", "dotenv", ("../tests",), ("sh",), below="src"),
    Package("cachetools", "cachetools", ("../tests",), below="src"),
    Package("pluggy", "pluggy", ("../testing",), below="src"),
    Package("funcy", "funcy", needs=("whatever",)),
    Package("rfc3986", "rfc3986", ("../tests",), below="src"),
    Package("h11", "h11", ("h11/tests",)),
    Package("voluptuous", "voluptuous", ("voluptuous/tests",)),
    Package("simplejson", "simplejson", ("simplejson/tests",)),
    Package("cssselect", "cssselect", needs=("lxml",)),
    Package("furl", "furl", ("tests",), ("orderedmultidict",)),
    Package("jsonpatch", "jsonpatch.py", ("tests.py",), ("jsonpointer",)),
    Package("pyflakes", "pyflakes", ("pyflakes/test",)),
    Package("prettytable", "prettytable", ("../tests",), ("pytest-lazy-fixtures",), below="src"),
    Package("sqlparse", "sqlparse"),
    Package("tabulate", "tabulate", ("test",)),
    Package("intervaltree", "intervaltree", ("test",), ("sortedcontainers",)),
    Package("boltons", "boltons"),
)
MODULES: tuple[Module, ...] = tuple(
    Module(name)
    for name in [
        "argparse",
        "calendar",
        "configparser",
        "contextlib",
        "copy",
        "dataclasses",
        "enum",
        "fractions",
        "functools",
        "glob",
        "heapq",
        "ipaddress",
        "optparse",
        "pprint",
        "shlex",
        "statistics",
        "string",
        "tempfile",
        "textwrap",
        "traceback",
        "uuid",
        "weakref",
        "zipfile",
    ]
)
