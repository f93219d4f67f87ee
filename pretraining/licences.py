"""Reads the licence of a package from its metadata. Knows licence names; does not know where packages lie.

A package is accepted only when every licence that its metadata names is on the accepted list; no statement is a
refusal.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from email.message import Message
from typing import Any

_CLASSIFIERS = {
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "ISC License (ISCL)": "ISC",
    "The Unlicense (Unlicense)": "Unlicense",
    "Historical Permission Notice and Disclaimer (HPND)": "HPND",
    "OSI Approved": "",
}
_FREE_TEXT = (
    (r"gpl|gnu|mozilla|\bmpl|eclipse|proprietary|commercial|\bcc[- ]by|zpl|zope|creative", "refused"),
    (r"apache", "Apache-2.0"),
    (r"\bbsd\b|\bbsd[- ]|new bsd|modified bsd", "BSD"),
    (r"\bmit\b|expat|permission is hereby granted, free of charge", "MIT"),
    (r"\bpsf|python software foundation|matplotlib", "PSF-2.0"),
    (r"\bisc\b|iscl", "ISC"),
    (r"unlicense", "Unlicense"),
    (r"hpnd|historical permission", "HPND"),
)

# What no other licence says, the refused ones first.
_WORDING = (
    ("gnu general public", "refused"),
    ("gnu lesser", "refused"),
    ("gnu affero", "refused"),
    ("mozilla public license", "refused"),
    ("permission is hereby granted, free of charge", "MIT"),
    ("redistribution and use in source and binary forms", "BSD"),
    ("apache license", "Apache-2.0"),
    ("permission to use, copy, modify, and/or distribute", "ISC"),
    ("permission to use, copy, modify, and distribute", "ISC"),
    ("released into the public domain", "Unlicense"),
)


def _from_text(text: str) -> str:
    head = text[:400].lower()
    return next((name for pattern, name in _FREE_TEXT if re.search(pattern, head)), "")


def licence_of(metadata: Message) -> str:
    """The SPDX expression, or what the classifiers and the free text say joined with AND; "" where nothing is said."""
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression).strip()
    named = []
    for classifier in metadata.get_all("Classifier") or ():
        if classifier.startswith("License ::"):
            last = classifier.rsplit("::", 1)[-1].strip()
            named.append(_CLASSIFIERS.get(last, "refused"))
    stated = [name for name in dict.fromkeys(named) if name]
    return " AND ".join(stated) if stated else _from_text(str(metadata.get("License") or ""))


def npm_licence(metadata: Mapping[str, Any]) -> str:
    """The SPDX expression of a package.json, in the forms that npm has had for it; "" where nothing is said."""
    stated = metadata.get("license") or metadata.get("licenses") or ""
    if isinstance(stated, list):
        return " AND ".join(str(each.get("type", "")) if isinstance(each, Mapping) else str(each) for each in stated)
    return str(stated.get("type", "") if isinstance(stated, Mapping) else stated).strip()


def text_licence(text: str) -> str:
    """The licence whose text this is; "" where it is none of the accepted ones."""
    words = " ".join(text.lower().split())
    return next((name for phrase, name in _WORDING if phrase in words), "")


def is_accepted(expression: str, accepted: Collection[str]) -> bool:
    """True where a choice that the expression offers (OR) consists of accepted licences only (AND)."""
    choices = re.split(r"\s+OR\s+", expression.replace("(", " ").replace(")", " ").strip())
    return any(
        all(part.strip() in accepted for part in re.split(r"\s+AND\s+", choice)) for choice in choices if choice.strip()
    )
