"""The profile by counts as it is cached for a commit, and a description of it. Joins git, the store and the record.

Does not know how it is computed, and loads nothing that this takes.

One commit in STEP has a calibration of its own. Those between take its calibration with counts of their own, so that
suggestions depend on the commits alone, and not on when somebody ran the tool.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from codetune_git import __version__
from codetune_git.errors import DataRefused
from codetune_git.git.lines import first_parents
from codetune_git.git.repository import Repository
from codetune_git.languages.suffixes import SUFFIXES
from codetune_git.languages.table import RECORDED
from codetune_git.store import Adapter, Store
from codetune_git.style.counting import Counts
from codetune_git.suggesting.calibration import FEWEST_HUNKS, SILENT, Calibration
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.profile import StyleProfile

STEP = 50  # commits
NEWEST = 100  # commits that are called the last ones
EMPTY_PROFILE = StyleProfile(Counts.of([]), SILENT, Precedents({}))  # before the first commit


def calibration_summary(calibration: Calibration) -> str:
    """One line for people: whether it suggests anything, what it rests on, and how often it would have lately."""
    basis = calibration.basis
    if calibration.silent:
        return f"silent: rests on {basis.clean} settled hunks, of which {FEWEST_HUNKS} are needed"
    return (
        f"suggests {len(calibration.speaking)} conventions; rests on {basis.clean} clean and {basis.broken} broken "
        f"hunks ({basis.flagged} flagged, {basis.restored} restored) and on one place in "
        f"{1 / calibration.prevalence:.0f} being wrong; in {basis.newest_flagged} of the {basis.newest} "
        f"hunks that the last {NEWEST} commits wrote there would have been suggestions"
    )


@dataclass(frozen=True, slots=True)
class CountsProfile:
    """A profile by counts, and the commit that it was computed for."""

    profile: StyleProfile
    commit: str


def anchor_of(repository: Repository, at: str) -> str:
    """The commit whose calibration `at` takes: itself or one of its latest first parents."""
    parents = first_parents(repository, at)
    return parents[len(parents) % max(1, min(STEP, len(parents) // 10))]


def _key(rate: float) -> str:
    return f"counted {__version__} {RECORDED} {' '.join(SUFFIXES)} {rate}"


def cached_profile(repository: Repository, store: Store, at: str, *, rate: float) -> CountsProfile | None:
    """The cached profile for the commit `at`; None where there is none."""
    payload = store.verdict(_key(rate))
    if payload is None:
        return None
    try:
        commit = anchor_of(repository, at)
        document = json.loads(payload)
        return (
            CountsProfile(StyleProfile.from_json(document["record"]), commit) if document["commit"] == commit else None
        )
    except (ValueError, KeyError, TypeError, DataRefused):
        return None


def cache_profile(store: Store, found: CountsProfile, *, rate: float) -> None:
    """Cache the profile. A failure is none: it is computed anew."""
    payload = {"commit": found.commit, "record": found.profile.to_json()}
    store.remember_verdict(_key(rate), json.dumps(payload))


@dataclass(frozen=True, slots=True)
class ProfileSummary:
    """What the next suggestion is judged by, in words. `silent`: none is possible."""

    words: str
    silent: bool = False


def profile_summary(repository: Repository, store: Store, adapter: Adapter | None, rate: float) -> ProfileSummary:
    """What the next suggestion is judged by, and whether one is possible. Raises DataRefused."""
    if adapter is not None:
        calibration = StyleProfile.from_json(adapter.calibration.read_text()).calibration
        return ProfileSummary(calibration_summary(calibration), calibration.silent)
    head = repository.head()
    judged = cached_profile(repository, store, head, rate=rate) if head else None
    if judged is None:
        return ProfileSummary("by counts, from the first suggestion on")
    calibration = judged.profile.calibration
    return ProfileSummary(f"by counts: {calibration_summary(calibration)}", calibration.silent)
