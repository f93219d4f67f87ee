"""A house for tests: counts made from real texts, staged files, suggestions applied line by line.

Knows the pure rooms. Does not know git; a model is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from codetune_git.domain import Edit, LanguageModel, LineRange, Site, StagedFile, Suggestion
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.table import by_name, sites
from codetune_git.style.counting import Counts, tally_of
from codetune_git.style.reading import read
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.features import Features
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.profile import StyleProfile
from codetune_git.suggesting.proposal import Proposal, proposals
from codetune_git.text.source import Source

# Counts and model at their word, a little less of what the hunk itself says.
TRUSTING = Calibration(0.0, Features(1.0, 1.0, 1.0, 0.3, -0.3, model=1.0), {}, threshold=0.9)
NOBODY = "the model was asked"


def parsed(text: str) -> Source:
    source = Source.parse(text.encode(), GRAMMAR)
    assert not source.has_error, text
    return source


def counts_of(*texts: str) -> Counts:
    return Counts.of(tally_of(sites(parsed(text))) for text in texts)


def profile_of(*texts: str, calibration: Calibration = TRUSTING) -> StyleProfile:
    """What a repository of `texts` (called pkg/0.py, pkg/1.py, ...) teaches."""
    read_ = [read(source, sites(source)) for source in map(parsed, texts)]
    examples = [(f"pkg/{i}.py", reading.examples) for i, reading in enumerate(read_)]
    return StyleProfile(Counts.of(r.tally for r in read_), calibration, Precedents.of(examples, "c" * 40))


def sites_of(text: str, convention: str) -> list[Site]:
    """Those of one convention, silenced ones among them."""
    return list(by_name(convention).sites(parsed(text)))


def proposal_of(text: str, convention: str, variant: str, *, nth: int = 0) -> Proposal:
    """The proposal to write the `nth` site of `convention` in `text` as `variant`."""
    source = parsed(text)
    site = sites_of(text, convention)[nth]
    whole = LineRange(1, text.count("\n") + 1)
    return next(p for p in proposals(source, [site], whole) if p.variant == variant)


def staged(
    text: str | bytes, *added: tuple[int, int], head: str | bytes | None = None, path: str = "pkg/new.py"
) -> StagedFile:
    """A staged file of which the lines `added` (first, last) are new; all of them if none are given."""
    content = text.encode() if isinstance(text, str) else text
    ranges = added or ((1, max(1, len(content.splitlines()))),)
    old = head.encode() if isinstance(head, str) else head
    return StagedFile(path, "0" * 40, content, old, tuple(LineRange(*lines) for lines in ranges))


def asking(model: LanguageModel) -> Callable[[], LanguageModel]:
    return lambda: model


def never() -> LanguageModel:
    """For what must be decided without a model."""
    raise AssertionError(NOBODY)


def applied(text: str, suggestions: Iterable[Suggestion]) -> str:
    """`text` with the lines of `suggestions` replaced, the last ones first."""
    lines = text.split("\n")
    for one in sorted(suggestions, key=lambda s: s.lines, reverse=True):
        first, last = one.lines.first - 1, one.lines.last
        assert tuple(lines[first:last]) == one.original
        lines[first:last] = one.replacement
    return "\n".join(lines)


def edited(text: str, edits: Sequence[Edit]) -> str:
    """`text` with `edits` made one by one, the last ones first."""
    data = text.encode()
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        data = data[: edit.start] + edit.replacement + data[edit.end :]
    return data.decode()
