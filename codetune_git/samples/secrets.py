"""Which lines of a text hold a secret. Knows detect-secrets' detectors of structured secrets; opens no file.

Entropy and keyword detectors are left out: they see a secret in nearly every line of code. The detectors' own
`analyze_line` may ask a remote service whether a secret is live; `analyze_string` never does, so that is what is used.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any

from codetune_git.errors import ExtraMissing

_DETECTORS = (
    "artifactory.ArtifactoryDetector",
    "aws.AWSKeyDetector",
    "azure_storage_key.AzureStorageKeyDetector",
    "basic_auth.BasicAuthDetector",
    "discord.DiscordBotTokenDetector",
    "github_token.GitHubTokenDetector",
    "gitlab_token.GitLabTokenDetector",
    "jwt.JwtTokenDetector",
    "mailchimp.MailchimpDetector",
    "npm.NpmDetector",
    "openai.OpenAIDetector",
    "private_key.PrivateKeyDetector",
    "pypi_token.PypiTokenDetector",
    "sendgrid.SendGridDetector",
    "slack.SlackDetector",
    "square_oauth.SquareOAuthDetector",
    "stripe.StripeDetector",
    "twilio.TwilioKeyDetector",
)
# What a template puts into the place of a secret is none.
_TEMPLATED = re.compile(r"\{.*\}|<.*>|%(\(\w+\))?[sdr]|\$(\w+|\{\w+\})")
_KEY_BEGINS = re.compile(r"BEGIN [A-Z0-9 ]*PRIVATE KEY")
_KEY_ENDS = re.compile(r"END [A-Z0-9 ]*PRIVATE KEY")


@cache
def _detectors() -> tuple[Any, ...]:
    try:
        modules = [name.split(".") for name in _DETECTORS]
        return tuple(getattr(import_module(f"detect_secrets.plugins.{module}"), name)() for module, name in modules)
    except ImportError as error:
        raise ExtraMissing.of("train", "finding secrets needs detect-secrets") from error


def _has_secret(text: str) -> bool:
    found = (secret for detector in _detectors() for secret in detector.analyze_string(text))
    return any(secret and not _TEMPLATED.fullmatch(secret) for secret in found)


def _key_bodies(lines: list[str]) -> set[int]:
    """The lines of private keys from BEGIN to END, or to the end of the text."""
    inside, found = False, set()
    for number, line in enumerate(lines, 1):
        inside = inside or _KEY_BEGINS.search(line) is not None
        if inside:
            found.add(number)
        inside = inside and _KEY_ENDS.search(line) is None
    return found


def secret_lines(text: str) -> frozenset[int]:
    """The 1-based lines of `text` that hold a secret; raises Unavailable where detect-secrets is not installed."""
    # Nearly all files have none, and the whole text at once is ten times faster than line by line.
    if not _has_secret(text):
        return frozenset()
    lines = text.split("\n")
    single = {number for number, line in enumerate(lines, 1) if _has_secret(line)}
    return frozenset(single | _key_bodies(lines))
