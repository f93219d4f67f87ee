"""Which folders hold other people's code, in any language. Knows names of folders; does not know suffixes."""

from __future__ import annotations

_FOLDERS = frozenset(
    {"vendor", "_vendor", "vendored", "_vendored", "vendors", "third_party", "thirdparty", "3rdparty"}
    | {"node_modules", "site-packages", "dist-packages", "extern", "externals"}
)


def is_vendored(path: str) -> bool:
    return not _FOLDERS.isdisjoint(path.split("/")[:-1])
