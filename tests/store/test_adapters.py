"""Adapters are published, found again, refused where they are not what was published, rolled back and removed."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from support.adapters import FORBIDDEN, LORA, manifest, published, record_again, write_adapter

from codetune_git.errors import AdapterMissing, DataRefused, UsageError
from codetune_git.store import Cursor, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "codetune")


def test_nothing_is_there_and_nothing_is_created_before_the_first_write(store: Store, tmp_path: Path) -> None:
    assert store.active() is None
    assert store.cursor() == Cursor()
    assert store.adapters() == ((), ())
    assert store.prune(1) == ()
    assert list(tmp_path.iterdir()) == []


def test_what_was_published_is_active_with_its_cursor(store: Store, tmp_path: Path) -> None:
    cursor = Cursor(("tip1", "tip2"), frozenset({"one", "two"}), ("c:p.py:1-2",))
    with store.staging() as staged:
        write_adapter(staged, 7)
        made = store.publish(staged, manifest(samples={"restoration": 3}, parent="250101-000000"), cursor)
    again = Store(tmp_path / "codetune")
    adapter = again.active(base="codetune-base@1")
    assert adapter is not None
    assert adapter.id == made == "250615-150640"
    assert adapter.manifest == manifest(samples={"restoration": 3}, parent="250101-000000")
    assert again.cursor() == cursor
    assert adapter.light.joinpath("model.bin").read_bytes() == b"\7" * 64
    assert json.loads(adapter.calibration.read_text()) == {"filling": 7}
    assert adapter.size == sum(p.stat().st_size for p in adapter.folder.rglob("*.*") if p.name != "manifest.json")
    assert sorted(os.listdir(tmp_path / "codetune" / "adapters")) == [made]


def test_ids_sort_by_time_even_when_the_clock_goes_back(store: Store) -> None:
    times = (1_750_000_000, 1_750_000_000, 1_600_000_000)
    made = [published(store, created=created) for created in times]
    assert made == sorted(set(made))
    assert [adapter.id for adapter in store.adapters()[0]] == made


def test_rollback_takes_the_cursor_along(store: Store) -> None:
    first = published(store, 1, tips=("old",))
    second = published(store, 2, tips=("new",))
    assert store.cursor().tips == ("new",)
    assert store.activate(first).id == first
    assert store.cursor() == Cursor(("old",), frozenset({"print1"}))
    store.activate(second)
    assert store.cursor().tips == ("new",)


def test_staging_that_is_not_published_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with store.staging() as staged:
        write_adapter(staged)
    assert not staged.exists()
    with pytest.raises(KeyboardInterrupt), store.staging() as staged:
        raise KeyboardInterrupt
    assert os.listdir(tmp_path / "codetune" / "adapters") == []


def test_leftovers_of_dead_processes_are_swept_but_not_ones_own(store: Store, tmp_path: Path) -> None:
    stale = tmp_path / "codetune" / "adapters" / ".staging-dead"
    stale.mkdir(parents=True)
    (stale / "half").write_text("x")
    with store.staging() as mine, store.staging() as other:
        assert not stale.exists()
        assert mine.exists()
        assert other.exists()
        assert mine != other


def test_prune_keeps_the_newest_and_the_active_one(store: Store, tmp_path: Path) -> None:
    made = [published(store, n) for n in range(5)]
    store.activate(made[1])
    assert store.prune(2) == (made[0], made[2])
    assert [adapter.id for adapter in store.adapters()[0]] == [made[1], made[3], made[4]]
    assert sorted(os.listdir(tmp_path / "codetune" / "adapters")) == [made[1], made[3], made[4]]
    assert store.prune(0) == (made[3], made[4])
    active = store.active()
    assert active is not None
    assert active.id == made[1]


def test_find_takes_the_beginning_of_an_id(store: Store) -> None:
    first = published(store, 1, created=1_750_000_000)
    second = published(store, 2, created=1_760_000_000)
    assert store.find("2506") == first
    assert store.find(second) == second
    with pytest.raises(UsageError, match="beginning of 2 adapters"):
        store.find("25")
    for unknown in ("9", ""):
        with pytest.raises(AdapterMissing):
            store.find(unknown)


def test_another_base_is_refused_in_one_line(store: Store) -> None:
    made = published(store)
    for use in (lambda: store.active(base="other@2"), lambda: store.activate(made, base="other@2")):
        with pytest.raises(DataRefused, match=r"trained on the base codetune-base@1, not on other@2") as caught:
            use()
        assert "\n" not in str(caught.value)


def _truncate(folder: Path) -> None:
    os.truncate(folder / "adapter" / "adapter_model.safetensors", 200)


def _flip(folder: Path) -> None:
    path = folder / "light" / "model.bin"
    path.write_bytes(b"\x09" + path.read_bytes()[1:])


def _cut_manifest(folder: Path) -> None:
    os.truncate(folder / "manifest.json", 100)


def _foreign_key(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "hook": "rm"}))


def _wrong_type(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "base": ["codetune-base@1"]}))


def _newer_format(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))


def _pickle(folder: Path) -> None:
    (folder / "adapter" / "adapter_model.bin").write_bytes(pickle.dumps({"a": 1}))


def _unnamed(folder: Path) -> None:
    (folder / "adapter" / "more.json").write_text("{}")


def _lost(folder: Path) -> None:
    (folder / "calibration.json").unlink()


def _link(folder: Path) -> None:
    (folder / "calibration.json").unlink()
    (folder / "calibration.json").symlink_to("/etc/hostname")


def _link_to_folder(folder: Path) -> None:
    shutil.move(folder / "light", folder.parent.parent / "light")
    (folder / "light").symlink_to(folder.parent.parent / "light")


def _hidden_folder(folder: Path) -> None:
    (folder / "light" / "inner").mkdir()


def _no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_truncate, "adapter_model.safetensors has 200 bytes"),
        (_flip, "light/model.bin was changed"),
        (_cut_manifest, "is not JSON"),
        (_foreign_key, "foreign key 'hook'"),
        (_wrong_type, "'base' that is not of type str"),
        (_newer_format, "another version of codetune"),
        (_pickle, "adapter_model.bin is not a file that an adapter may hold"),
        (_unnamed, "adapter/more.json is in only one of"),
        (_lost, "calibration.json is in only one of"),
        (_link, "calibration.json is not a file"),
        (_link_to_folder, "light is not a file"),
        (_hidden_folder, "light/inner is not a file"),
        (_no_manifest, "it is missing"),
    ],
)
@pytest.mark.parametrize("thorough", [False, True])
def test_a_damaged_adapter_is_refused_in_one_line(
    store: Store, damage: Callable[[Path], None], says: str, thorough: bool
) -> None:
    made = published(store)
    adapter = store.load(made)
    damage(adapter.folder)
    with pytest.raises(DataRefused) as caught:
        store.load(made, thorough=thorough)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"adapter {made}: ")
    sound, refused = store.adapters()
    assert sound == ()
    assert [skipped.path for skipped in refused] == [made]


def test_the_quick_check_trusts_size_and_time_and_the_thorough_one_does_not(store: Store) -> None:
    made = published(store)
    path = store.load(made).light / "model.bin"
    before = path.stat()
    path.write_bytes(b"\x09" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.load(made, thorough=False).id == made
    with pytest.raises(DataRefused, match="was changed"):
        store.load(made)
    with pytest.raises(DataRefused, match="was changed"):
        store.activate(made)


def test_a_copied_repository_with_other_file_times_still_works(store: Store, tmp_path: Path) -> None:
    made = published(store)
    shutil.copytree(tmp_path / "codetune", tmp_path / "copy", copy_function=shutil.copyfile)
    adapter = Store(tmp_path / "copy").active()
    assert adapter is not None
    assert adapter.id == made


@pytest.mark.parametrize(
    ("key", "dtype", "says"),
    [("base_model.model.lm_head.weight", np.float32, "foreign tensor"), (LORA, np.int64, "as I64")],
)
def test_only_lora_weights_are_published(store: Store, tmp_path: Path, key: str, dtype: type, says: str) -> None:
    first = published(store)
    with store.staging() as staged:
        write_adapter(staged, 2)
        save_file({key: np.ones((2, 2), dtype)}, staged / "adapter" / "adapter_model.safetensors")
        with pytest.raises(DataRefused, match=says):
            store.publish(staged, manifest(), Cursor())
    active = store.active()
    assert active is not None
    assert active.id == first


@pytest.mark.parametrize(("change", "says"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_is_forbidden_is_neither_published_nor_loaded_nor_fetched(
    store: Store, tmp_path: Path, change: Callable[[Path], None], says: str
) -> None:
    """Somebody else's publishing need not have checked: digests that agree with the manifest are not enough."""
    with store.staging() as staged:
        write_adapter(staged)
        change(staged / "adapter")
        with pytest.raises(DataRefused, match=says):
            store.publish(staged, manifest(), Cursor())
    made = published(store)
    folder = store.load(made).folder
    change(folder / "adapter")
    record_again(folder)
    for use in (store.load, store.activate):
        with pytest.raises(DataRefused, match=says):
            use(made)
    other = Store(tmp_path / "other")
    with other.staging() as staged:
        shutil.copytree(folder, staged, dirs_exist_ok=True)
        with pytest.raises(DataRefused, match=says):
            other.adopt(staged, base="codetune-base@1")
    assert other.active() is None


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 40, (500).to_bytes(8, "little") + b"{}", (2).to_bytes(8, "little") + b"[]"]
)
def test_weights_that_are_no_safetensors_are_not_published(store: Store, content: bytes) -> None:
    with store.staging() as staged:
        write_adapter(staged)
        (staged / "adapter" / "adapter_model.safetensors").write_bytes(content)
        with pytest.raises(DataRefused, match="cannot be published"):
            store.publish(staged, manifest(), Cursor())


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"peft_type": "PREFIX_TUNING"}, "not that of a LoRA adapter"),
        ({"peft_type": "LORA", "megatron_config": {"a": 1}, "megatron_core": "os"}, "sets megatron_config"),
        ({"peft_type": "LORA"}, "gives no rank"),
        ([], "no JSON object"),
    ],
)
def test_only_plain_lora_is_published(store: Store, config: object, says: str) -> None:
    with store.staging() as staged:
        write_adapter(staged)
        (staged / "adapter" / "adapter_config.json").write_text(json.dumps(config))
        with pytest.raises(DataRefused, match=says):
            store.publish(staged, manifest(), Cursor())


def test_a_pointer_to_nowhere_is_explained_and_can_be_mended(store: Store, tmp_path: Path) -> None:
    made = published(store)
    (tmp_path / "codetune" / "active").write_bytes(b"\xff\x00")
    with pytest.raises(DataRefused, match=f"adapters use {made}"):
        store.active()
    store.activate(made)
    assert store.active() is not None
    shutil.rmtree(tmp_path / "codetune" / "adapters")
    assert store.active() is None
