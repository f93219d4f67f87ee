"""What was looked at where there are no suggestions, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codetune_git.domain import Refusal, Skipped, StagedFile
from codetune_git.languages.table import parsed, sites
from codetune_git.report.text import counted, left_out, visible
from codetune_git.suggesting.proposal import within
from codetune_git.text.decoding import decode


def _sites(file: StagedFile) -> int:
    """The number of sites of conventions in the added lines; 0 in what cannot be read."""
    text = decode(file.content)
    source = None if isinstance(text, Refusal) else parsed(file.path, text)
    if source is None:
        return 0
    every_site = tuple(sites(source))
    return sum(len(within(source, every_site, lines)) for lines in file.added)


def silence(files: Sequence[StagedFile], skipped: Iterable[Skipped]) -> str:
    """One line on what was looked at."""
    left, said = tuple(skipped), "nothing is staged in a language that is read"
    unread = {one.path for one in left if one.line is None}
    seen_files = [file for file in files if file.path not in unread]
    if files and not seen_files:
        said = "nothing could be looked at"
    elif files:
        seen = f"{counted(len(seen_files), 'file')}, {counted(sum(map(_sites, seen_files)), 'site')}"
        said = f"{seen}, all as this repository writes them"
    return visible("; ".join(filter(None, [f"silent: {said}", left_out(left)])))
