"""Which files of JavaScript and TypeScript are not read, by their paths."""

from __future__ import annotations

import pytest

from codetune_git.languages.paths import refuse_path


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("src/a.ts", None),
        ("distance/a.js", None),
        ("dist/a.js", "generated"),
        ("a/a.min.js", "generated"),
        ("a/a-min.mjs", "generated"),
        ("a/main.bundle.js", "generated"),
        ("a/bundle.js", None),
        ("a/schema.gen.ts", "generated"),
        ("a/api_pb.d.ts", "generated"),
        ("a/__generated__/query.ts", "generated"),
        ("a/generated.js", None),
        ("a/jquery-3.6.0.js", "vendored"),
        ("a/es-2015.js", None),
        ("a/coverage/lcov.js", "generated"),
        (".yarn/releases/yarn.cjs", "vendored"),
        (".pnp.cjs", "generated"),
        ("node_modules/a/a.js", "vendored"),
    ],
)
def test_what_nobody_of_the_house_wrote_is_left_out(path: str, reason: str | None) -> None:
    assert refuse_path(path) == reason
