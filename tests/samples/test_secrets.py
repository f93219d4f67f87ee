from __future__ import annotations

from random import Random

import pytest
from support.convention_checks import own_package, standard_library

from codetune_git.samples.secrets import secret_lines

# Put together here so that no scanner takes this file for a leak.
AWS = "AKIA" + "J5KQ2V7WZ3XN4M6P"
GITHUB = "ghp" + "_" + "a1B2c3D4e5F6" * 3
STRIPE = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
SLACK = "xoxb" + "-123456789012-1234567890123-" + "AbCdEfGhIjKlMnOpQrStUvWx"
JWT = ".".join(["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "dozjgNryP4J3jVmNHl0w5N"])


@pytest.mark.parametrize(
    "line",
    [
        f"key = '{AWS}'",
        f"token = '{GITHUB}'",
        f'stripe.api_key = "{STRIPE}"',
        f"slack = '{SLACK}'",
        f"header = 'Bearer {JWT}'",
        "url = 'https://admin:" + "hunter2pass@example.org/'",
    ],
)
def test_a_structured_secret_is_found_on_its_line(line: str) -> None:
    assert secret_lines(f"import os\n\n{line}\nx = 1\n") == {3}


def test_a_private_key_reaches_to_its_end() -> None:
    begin, end = ("-----" + word + " RSA PRIVATE KEY-----" for word in ("BEGIN", "END"))
    text = f'import os\nKEY = """{begin}\nMIIEow\nIBAAKC\n{end}"""\nx = 1\n'
    assert secret_lines(text) == {2, 3, 4, 5}


@pytest.mark.parametrize(
    "line",
    [
        "url = f'https://{user}:{password}@{host}/'",
        "url = 'https://%s:%s@%s/' % (user, password, host)",
        "password = 'changeme-8f3a9d2b'",
        "digest = 'd41d8cd98f00b204e9800998ecf8427e'",
    ],
)
def test_templates_and_what_only_looks_random_are_no_secrets(line: str) -> None:
    assert secret_lines(line) == frozenset()


def test_ordinary_code_has_none() -> None:
    for path in [*own_package(), *standard_library(Random(4), 60)]:
        assert secret_lines(path.read_text()) == frozenset(), path
