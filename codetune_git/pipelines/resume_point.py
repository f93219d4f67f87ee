"""The point from which a training goes on: the base, the active adapter, and its cursor. Joins store and model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codetune_git.errors import DataRefused
from codetune_git.settings import Options
from codetune_git.store import Adapter, Cursor, Store

if TYPE_CHECKING:
    from codetune_git.model.base.base_model import BaseModel

_EMBEDDED = "embedded"  # the family of every base that this package has brought


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """The adapter `active` to go on from, and its `cursor`; None and an empty one where everything is learned anew.

    `outgrown` names an adapter of an earlier version's embedded base, which cannot be trained on.
    """

    base: BaseModel
    active: Adapter | None
    cursor: Cursor
    outgrown: str | None = None


def resume_point(options: Options, store: Store) -> ResumePoint:
    """Where the next training goes on. Raises ExtraMissing where nothing is installed that trains, DataRefused where
    the active adapter was trained on another base that somebody named.
    """
    from codetune_git.model.base.base_model import named_base
    from codetune_git.model.base.loading import require_training

    require_training()
    base = named_base(options)
    adapter = store.active()
    if adapter is None:
        return ResumePoint(base, None, Cursor())
    if adapter.manifest.base == base.identity:
        return ResumePoint(base, adapter, store.cursor(adapter))
    if options.base is None and adapter.manifest.family == _EMBEDDED:
        return ResumePoint(base, None, Cursor(), outgrown=adapter.id)
    pointer = adapter.folder.parents[1] / "active"
    raise DataRefused(
        f"adapter {adapter.id} was trained on the base {adapter.manifest.base[:12]}, not on {base.identity[:12]} "
        f"in {base.folder}: name that one with --base, or remove {pointer} to start over on this one"
    )
