"""Collects permissively licensed sources from wheels, npm's archives and the standard library into three files:

    corpus.jsonl    {"package", "path", "text"} to train on, in a fixed random order
    held_out.jsonl  the same for the packages that evaluation asks about
    manifest.json   name, version, licence, files and bytes of every package used, and the reasons of every drop

Knows archives, the standard library and the configuration. Does not download: it reads the folders it is given.

    python -m pretraining.corpus --archives FOLDER [FOLDER] --excluded FOLDER --out FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import sysconfig
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from email.parser import Parser
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from pretraining.configuration import read
from pretraining.languages import grammar_of
from pretraining.licences import is_accepted, licence_of, npm_licence
from pretraining.quality import Seen, fault, shingles

_SKIPPED_FOLDERS = (
    "_vendor",
    "vendor",
    "vendored",
    "_vendored",
    "extern",
    "third_party",
    "thirdparty",
    "lib2to3",
    "site-packages",
    "node_modules",
    "dist",
    "build",
    "umd",
    "esm",
    "_esm",
    "_cjs",
    "cjs",
    "es",
    "es5",
    "es6",
    "fesm2022",
    "min",
    "bundles",
    "bower_components",
)


@dataclass(frozen=True, slots=True)
class Package:
    """A package with its readable files, (path, text). npm's packages are named `npm:` and their name."""

    name: str
    version: str
    licence: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the manifest."""

    name: str
    version: str
    licence: str
    files: int
    bytes: int


def _decoded(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def readable(path: str, size: int, limits: dict[str, Any]) -> bool:
    parts = path.split("/")
    return (
        grammar_of(path) is not None
        and not path.endswith(("_pb2.py", "_pb2_grpc.py", ".d.ts", ".min.js", ".bundle.js", "_pb.js"))
        and limits["min_file_bytes"] <= size <= limits["max_file_bytes"]
        and not any(part in _SKIPPED_FOLDERS or part in limits["excluded"] for part in parts)
        and not any(part.endswith(".data") for part in parts)
    )


def _canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def read_wheel(path: Path, limits: dict[str, Any]) -> Package | str:
    """The wheel's Python files, or why it is refused."""
    with zipfile.ZipFile(path) as wheel:
        metadata_name = next(
            (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA") and n.count("/") == 1), None
        )
        if metadata_name is None:
            return "no metadata"
        metadata = Parser().parsestr(wheel.read(metadata_name).decode("utf-8", "replace"), headersonly=True)
        name = _canonical(str(metadata["Name"]))
        if name in limits["excluded"] or name in limits["refused"]:
            return "excluded by name"
        licence = licence_of(metadata)
        if not is_accepted(licence, limits["licences"]):
            return f"licence: {licence or 'none stated'}"
        infos = [info for info in wheel.infolist() if readable(info.filename, info.file_size, limits)]
        files = [(info.filename, _decoded(wheel.read(info))) for info in infos]
    return Package(name, str(metadata["Version"]), licence, tuple((p, t) for p, t in files if t is not None))


def read_npm(path: Path, limits: dict[str, Any]) -> Package | str:
    """The npm archive's sources, or why it is refused."""
    with tarfile.open(path) as archive:
        members = {m.name.partition("/")[2]: m for m in archive.getmembers() if m.isfile()}
        described = archive.extractfile(members["package.json"]) if "package.json" in members else None
        if described is None:
            return "no metadata"
        metadata = json.loads(described.read().decode("utf-8", "replace"))
        name = str(metadata["name"])
        if name in limits["excluded"] or name in limits["refused"]:
            return "excluded by name"
        licence = npm_licence(metadata)
        if not is_accepted(licence, limits["licences"]):
            return f"licence: {licence or 'none stated'}"
        files = []
        for inner, member in members.items():
            if readable(inner, member.size, limits) and (opened := archive.extractfile(member)) is not None:
                files.append((inner, _decoded(opened.read())))
    kept = tuple((p, t) for p, t in files if t is not None)
    return Package(f"npm:{name}", str(metadata.get("version", "")), licence, kept)


def _standard_library(limits: dict[str, Any]) -> Package:
    root = Path(sysconfig.get_paths()["stdlib"])
    paths = [p for p in root.rglob("*.py") if readable(p.relative_to(root).as_posix(), p.stat().st_size, limits)]
    files = [(p.relative_to(root).as_posix(), _decoded(p.read_bytes())) for p in sorted(paths)]
    version = ".".join(map(str, sys.version_info[:3]))
    return Package("python", version, "PSF-2.0", tuple((p, t) for p, t in files if t is not None))


def _judged(package: Package) -> list[tuple[str, str, str]]:
    """(path, text, fault) in an order fixed by the path, so that a cap takes a fair sample of the package."""
    files = sorted(package.files, key=lambda f: hashlib.sha256(f"{package.name}/{f[0]}".encode()).digest())
    return [(path, text, fault(path, text)) for path, text in files]


def _work(job: tuple[str, dict[str, Any]]) -> tuple[str, Package | str, list[tuple[str, str, str]]]:
    source, limits = job
    package: Package | str
    if source == "python":
        package = _standard_library(limits)
    else:
        try:
            package = (read_npm if source.endswith(".tgz") else read_wheel)(Path(source), limits)
        except (OSError, ValueError, KeyError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
            package = f"unreadable: {type(error).__name__}"
    return source, package, [] if isinstance(package, str) else _judged(package)


def _chosen(
    package: Package, judged: list[tuple[str, str, str]], seen: Seen, cap: int, drops: Counter[str]
) -> Iterator[dict[str, str]]:
    total = 0
    for path, text, reason in judged:
        marks = shingles(text)
        reason = reason or ("near-duplicate" if seen.repeats(marks) else "") or ("package cap" if total > cap else "")
        if reason:
            drops[reason] += 1
            continue
        seen.add(marks)
        total += len(text.encode())
        yield {"package": package.name, "path": path, "text": text}


def _mark_excluded(folder: Path | None, seen: Seen) -> None:
    for path in sorted(folder.rglob("*")) if folder else ():
        text = _decoded(path.read_bytes()) if path.is_file() and grammar_of(path.name) else None
        if text:
            seen.add(shingles(text))


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


def collect(sources: list[str], excluded: Path | None, out: Path) -> None:
    """1 refuse by name and licence, 2 judge files, 3 drop what repeats (held-out first), 4 write in random order."""
    limits = dict(read().corpus)
    seen, drops, refused = Seen(limits["duplicate_share"]), Counter[str](), Counter[str]()
    _mark_excluded(excluded, seen)
    with Pool(2) as pool:
        results = pool.map(_work, [(source, limits) for source in sources], chunksize=4)
    for _, package, _judged_files in results:
        if isinstance(package, str):
            refused[package] += 1
    packages = [(p, j) for _, p, j in results if isinstance(p, Package)]
    newest = {
        package.name: (package, judged) for package, judged in sorted(packages, key=lambda x: (x[0].name, x[0].version))
    }
    ordered = sorted(newest.values(), key=lambda x: (x[0].name not in limits["held_out"], x[0].name))
    rows: dict[str, list[dict[str, str]]] = {
        package.name: list(_chosen(package, judged, seen, limits["max_package_bytes"], drops))
        for package, judged in ordered
    }
    manifest = [
        asdict(
            Entry(p.name, p.version, p.licence, len(rows[p.name]), sum(len(r["text"].encode()) for r in rows[p.name]))
        )
        for p, _ in ordered
        if rows[p.name]
    ]
    train = [row for name, found in rows.items() if name not in limits["held_out"] for row in found]
    random.Random(0).shuffle(train)
    _write(out / "corpus.jsonl", train)
    _write(out / "held_out.jsonl", [row for name in limits["held_out"] for row in rows.get(name, [])])
    report = {
        "packages": manifest,
        "held_out": limits["held_out"],
        "excluded": limits["excluded"],
        "dropped_files": drops,
        "refused_packages": refused,
    }
    (out / "manifest.json").write_text(json.dumps(report, indent=1) + "\n")
    total = sum(len(r["text"].encode()) for r in train)
    print(f"{len(train)} files, {total / 1e6:.1f} MB of {len(manifest)} packages")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--archives", type=Path, nargs="+", required=True, help="folders of wheels and .tgz files")
    arguments.add_argument(
        "--excluded", type=Path, help="checkouts whose files and near-duplicates must not be learned"
    )
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    found = [path for folder in given.archives for path in sorted(folder.rglob("*")) if path.suffix in (".whl", ".tgz")]
    collect(["python", *map(str, found)], given.excluded, given.out)


if __name__ == "__main__":
    main()
