"""`git codetune adapters push|fetch|export`: hands the active adapter to others and takes theirs. Joins store and git.

A fetched adapter is checked to the byte before it becomes active: file formats that run no code, LoRA tensors only, the
digests of its manifest, and the base that is here.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from codetune_git.errors import AdapterMissing, DataRefused, UsageError
from codetune_git.git.repository import Repository
from codetune_git.git.sharing import AdapterRepository, address
from codetune_git.model.training.memorisation import memorised_in
from codetune_git.process.terminal import warn
from codetune_git.requests import SharingRequest
from codetune_git.store import Adapter, Store


def _active(store: Store) -> Adapter:
    """The active adapter with every byte checked: a damaged one is not passed on."""
    adapter = store.active()
    if adapter is None:
        raise AdapterMissing("no adapter yet: run git codetune train")
    return store.load(adapter.id)


def _push(repository: Repository, store: Store, request: SharingRequest) -> None:
    adapter, shared = _active(store), AdapterRepository(repository)
    url = address(repository, request.remote, push=True)
    shared.fetch(url, request.name)  # on top of what somebody else pushed
    files = {path.relative_to(adapter.folder).as_posix(): path for path in adapter.folder.rglob("*") if path.is_file()}
    shared.put(files, request.name, f"Adapter {adapter.id} with {adapter.training_summary}")
    memorised = memorised_in(adapter.manifest.metrics)
    if memorised and memorised.leaks:
        warn([f"{memorised}: whoever gets this adapter can have such code from it"])
    shared.push(url, request.name)
    print(f"Pushed adapter {adapter.id} ({adapter.size / 1e6:.1f} MB) to {request.remote} as {request.name!r}.")


def _fetch(repository: Repository, store: Store, request: SharingRequest) -> None:
    from codetune_git.model.base.base_model import named_base

    shared = AdapterRepository(repository)
    if not shared.fetch(address(repository, request.remote), request.name):
        raise AdapterMissing(
            f"{request.remote} has no adapter {request.name!r}: git codetune adapters push puts it there"
        )
    with store.staging() as staged:
        shared.take(request.name, staged)
        adapter = store.adopt(staged, base=named_base(request.options).identity)
    print(f"{adapter.id} is active, trained on {adapter.training_summary}.")


def _export(store: Store, request: SharingRequest, out: Path) -> None:
    adapter = _active(store)
    if out.exists():
        raise UsageError(f"{out} exists already: name a new folder")
    if request.merged:
        from codetune_git.model.base.base_model import named_base
        from codetune_git.model.scoring.compile import merge_adapter

        base = named_base(request.options)
        if base.identity != adapter.manifest.base:
            raise DataRefused(
                f"adapter {adapter.id} was trained on another base than {base.folder}: name it with --base"
            )
        merge_adapter(base, adapter.weights, out)
    else:
        shutil.copytree(adapter.weights, out)
    for file in out.iterdir():  # safetensors keeps what it writes to the user, and a server may run as another
        file.chmod(out.stat().st_mode & 0o666)
    print(f"Wrote adapter {adapter.id} to {out}.")


def run(request: SharingRequest) -> int:
    """Raises CodetuneError; the active adapter stays as it is then."""
    repository = Repository.open(request.start)
    store = Store(repository.codetune_dir)
    if request.out is not None:
        _export(store, request, request.out)
    elif request.push:
        _push(repository, store, request)
    else:
        _fetch(repository, store, request)
    return 0
