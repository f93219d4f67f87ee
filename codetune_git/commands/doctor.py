"""`git codetune doctor`: checks everything that a run depends on, and names the fix of each fault.

Each check is a function that returns what it found. It raises what is wrong, and ExtraMissing for what is not
installed: counting needs no extra. Nothing is changed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from codetune_git import __version__
from codetune_git.commands.hook_install import is_ours
from codetune_git.errors import CodetuneError, DataRefused, ExtraMissing, Unavailable
from codetune_git.git.partial import is_partial
from codetune_git.git.repository import Repository
from codetune_git.pipelines.admission import UNSUPPORTED, unsupported
from codetune_git.pipelines.profile_cache import profile_summary
from codetune_git.requests import DoctorRequest
from codetune_git.settings import Options
from codetune_git.store import Store

_LEAST_GIT = (2, 31)
_PROGRAM = ("numpy", "tree-sitter", "tree-sitter-python")
_TRAINING = (
    *("torch", "transformers", "peft", "accelerate", "safetensors"),
    *("detect-secrets", "psutil", "pygit2", "tokenizers"),
)
_IGNORE_FILES = (".gitignore", ".codetuneignore", ".gitattributes")

Check = Callable[[], str]
_EXTRAS = {
    "light": ("light", ("ctranslate2", "tiktoken")),
    "training": ("train", _TRAINING),
    "review": ("review", ("textual",)),
}


def _installed(names: tuple[str, ...]) -> tuple[str, list[str]]:
    """Versions of what is there, and the names of what is not."""
    versions, missing = [], []
    for name in names:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    return ", ".join(versions), missing


def _program() -> str:
    versions, missing = _installed(_PROGRAM)
    if missing:
        raise Unavailable(f"{', '.join(missing)} cannot be found: pip install --force-reinstall codetune-git")
    return f"codetune {__version__} on Python {'.'.join(map(str, sys.version_info[:3]))} with {versions}"


def _extra(name: str) -> str:
    extra, packages = _EXTRAS[name]
    versions, missing = _installed(packages)
    if missing:
        raise ExtraMissing.of(extra, f"{', '.join(missing)} not installed")
    return versions


def _git(repository: Repository) -> str:
    said = repository.version()
    numbers = re.search(r"(\d+)\.(\d+)", said)
    if numbers is None or tuple(map(int, numbers.groups())) < _LEAST_GIT:
        raise Unavailable(f"{said} is older than {'.'.join(map(str, _LEAST_GIT))}: install a newer one")
    return said


def _place(repository: Repository) -> str:
    kind = "bare" if repository.bare else "linked work tree" if repository.git_dir != repository.common_dir else "plain"
    more = ", shallow: the history that is missing cannot be learned from" if repository.shallow else ""
    more += ", partial: contents that were not fetched are left out" if is_partial(repository.common_dir) else ""
    return f"{repository.worktree or repository.git_dir} ({kind}, {repository.hash_name}{more})"


def _base(options: Options) -> str:
    from codetune_git.model.base.base_model import named_base

    base = named_base(options)
    return f"{base.architecture} in {base.folder}, {base.size / 1e6:.1f} MB, {base.identity[:12]}"


def _adapter(repository: Repository, store: Store) -> str:
    adapter = store.active()
    if adapter is None and unsupported(repository, repository.head()):
        return UNSUPPORTED
    if adapter is None:
        return "none yet: counts judge; git codetune train, or git codetune adapters fetch, adds the model"
    store.load(adapter.id)
    return f"{adapter.id}, trained on {adapter.training_summary}, every byte as its manifest says"


def _judgement(request: DoctorRequest, repository: Repository, store: Store) -> str:
    state = profile_summary(repository, store, store.active(), request.options.false_positive_rate)
    if state.silent:
        raise Unavailable(f"{state.words}: commit more, then run git codetune train")
    return state.words


def _endpoint(request: DoctorRequest, store: Store) -> str:
    from codetune_git.pipelines.endpoint import server_of

    adapter = store.active()
    server = server_of(request.options, adapter.id if adapter else "")
    if server is None:
        return "none: this machine scores, and nothing leaves it"
    from codetune_git.model.scoring.endpoint import served

    names = served(server)
    return f"{server.url} answers and has {server.model}, of {len(names)} models; staged code is sent there"


def _hook(repository: Repository) -> str:
    place = repository.hooks() / "pre-commit"
    if is_ours(place):
        return f"{place} is ours"
    text = place.read_text(errors="replace") if place.exists() else ""
    if "codetune" in text or "pre-commit.com" in text:
        return f"{place} calls it, or calls the pre-commit framework"
    raise Unavailable("no pre-commit hook calls it: git codetune hook install, or an entry in .pre-commit-config.yaml")


def _rules(repository: Repository) -> str:
    top = repository.worktree
    names = [name for name in _IGNORE_FILES if top is not None and (top / name).is_file()]
    return f"{', '.join(names)} at the top are respected" if names else "no ignore file at the top: every file counts"


def _checks(request: DoctorRequest) -> list[tuple[str, Check]]:
    repository = Repository.open(request.start)
    store = Store(repository.codetune_dir)
    return [
        ("program", _program),
        *((name, partial(_extra, name)) for name in _EXTRAS),
        ("git", lambda: _git(repository)),
        ("repository", lambda: _place(repository)),
        ("rules", lambda: _rules(repository)),
        ("base", lambda: _base(request.options)),
        ("adapter", lambda: _adapter(repository, store)),
        ("judgement", lambda: _judgement(request, repository, store)),
        ("endpoint", lambda: _endpoint(request, store)),
        ("hook", lambda: _hook(repository)),
    ]


def run(request: DoctorRequest) -> int:
    """A line a check; raises DataRefused at the end where one found something wrong."""
    wrong = []
    for name, check in _checks(request):
        try:
            said, mark = check(), "ok"
        except CodetuneError as error:
            said, mark = str(error), "--" if isinstance(error, ExtraMissing) else "!!"
            if mark == "!!":
                wrong.append(name)
        print(f"{mark}  {name:<10} {said}")
    if wrong:
        raise DataRefused(f"to be mended, see above: {', '.join(wrong)}")
    return 0
