"""Scoring on a server, from the command line: the same suggestions, and one line where the server does not answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.completions_server import KEY, Serving, serving
from support.flow_command import Outcome, codetune, state_of
from support.flow_repository import plant
from support.flow_training import Trained, hearing
from support.real_git import git

SHORT = """\
def find_slips(path):
    return os.path.join(path, "archive", 'closed')
"""  # few enough tokens for the tiny model's context
MENDED = "    return os.path.join(path, 'archive', 'closed')"


def adapter_of(house: Path) -> str:
    return (house / ".git" / "codetune" / "active").read_text().strip()


def light_of(house: Path) -> Path:
    return house / ".git" / "codetune" / "adapters" / adapter_of(house) / "light"


@pytest.fixture(scope="module")
def there(first: Trained, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that knows the first training's adapter by its id, and answers to the key alone."""
    notes = tmp_path_factory.mktemp("server") / "notes"
    with serving(light_of(first.folder), adapter_of(first.folder), notes, "locked") as found:
        yield found


@pytest.fixture
def house(house: Path) -> Path:
    """A trained repository whose adapter is asked."""
    return hearing(house)


@pytest.fixture
def nowhere() -> Iterator[str]:
    """A URL at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


def test_the_suggestions_are_the_same(house: Path, there: Serving) -> None:
    plant(house, SHORT)
    here = codetune(house, "suggest", "--format", "json")
    before = state_of(house)
    asked = len(there.asked)
    remote = codetune(house, "suggest", "--format", "json", "--endpoint", there.url, CODETUNE_ENDPOINT_KEY=KEY)
    assert (remote.code, remote.err) == (0, "")
    (ours,), (theirs,) = here.document["suggestions"], remote.document["suggestions"]
    assert theirs.pop("confidence") == pytest.approx(ours.pop("confidence"), abs=1e-3)
    assert theirs.pop("score") == pytest.approx(ours.pop("score"), abs=1e-2)
    assert theirs == ours
    paths = [one["path"] for one in there.asked[asked:]]
    assert paths[0] == "/v1/models"
    assert "/v1/completions" in paths
    assert state_of(house) == before


def test_what_one_scored_is_not_taken_for_what_the_other_says(house: Path, nowhere: str) -> None:
    plant(house, SHORT)
    assert MENDED in codetune(house, "suggest").out
    assert codetune(house, "suggest", "--endpoint", nowhere).code == 4
    assert MENDED in codetune(house, "suggest").out


def test_what_the_server_said_is_kept(house: Path, there: Serving, nowhere: str) -> None:
    plant(house, SHORT)
    variables = {"CODETUNE_ENDPOINT": there.url, "CODETUNE_ENDPOINT_KEY": KEY}
    said = codetune(house, "suggest", **variables).out
    asked = len(there.asked)
    assert codetune(house, "suggest", **variables).out == said
    assert len(there.asked) == asked
    done = codetune(house, "suggest", **variables, CODETUNE_ENDPOINT_MODEL="other")
    assert done.code == 4
    assert done.complaint.startswith(f"{there.url} has no model 'other', but base, {adapter_of(house)}: ")


def test_a_hook_is_in_nobodys_way(house: Path, nowhere: str) -> None:
    plant(house, SHORT)
    git(house, "config", "codetune.endpoint", nowhere)
    done = codetune(house, "hook", "--check")
    assert (done.code, done.out) == (0, "")
    assert done.complaint == f"not looked at: {nowhere} cannot be reached (Connection refused): see codetune.endpoint"
    assert codetune(house, "hook", "--check", "--required").code == 4


def test_a_hook_waits_for_a_slow_server_as_long_as_it_may(house: Path, tmp_path: Path) -> None:
    path = plant(house, SHORT)
    with serving(light_of(house), adapter_of(house), tmp_path / "notes", "slow") as there:
        git(house, "config", "codetune.endpoint", there.url)
        git(house, "config", "codetune.hookBudget", "5s")
        done = codetune(house, "hook", "--check")
        assert (done.code, done.err) == (0, "")
        assert done.out == f"5 s are up, not looked at: {path} (1 of 1 files)\n"
        assert codetune(house, "hook", "--required").code == 75


def test_the_key_is_told_to_the_server_alone(house: Path, there: Serving) -> None:
    plant(house, SHORT)
    git(house, "config", "codetune.endpoint", there.url)
    refused = codetune(house, "suggest", CODETUNE_ENDPOINT_KEY="sk-wrong")
    assert refused.code == 4
    assert refused.complaint.startswith(f"{there.url} refuses the key (401): set CODETUNE_ENDPOINT_KEY")
    runs = [
        codetune(house, command, *more, CODETUNE_ENDPOINT_KEY=KEY)
        for command, *more in (["suggest"], ["hook"], ["doctor"], ["config", "--show-origin"], ["status"])
    ]
    assert there.asked[-1]["headers"]["Authorization"] == f"Bearer {KEY}"
    assert all(text.count(KEY) == 0 for done in (*runs, refused) for text in (done.out, done.err))
    assert not any(KEY.encode() in one.read_bytes() for one in (house / ".git").rglob("*") if one.is_file())
    odd = codetune(house, "suggest", "--kind", "quotes", CODETUNE_ENDPOINT_KEY="sk\nX: y")
    assert odd.code == 2
    assert odd.complaint == "CODETUNE_ENDPOINT_KEY holds characters that no key has"


def _doctored(house: Path, **variables: str) -> tuple[Outcome, str]:
    done = codetune(house, "doctor", **variables)
    return done, next(line for line in done.out.splitlines() if line[4:].startswith("endpoint"))


def test_doctor_says_whether_it_answers(house: Path, there: Serving, nowhere: str) -> None:
    assert _doctored(house)[1] == "ok  endpoint   none: this machine scores, and nothing leaves it"
    line = _doctored(house, CODETUNE_ENDPOINT=there.url, CODETUNE_ENDPOINT_KEY=KEY)[1]
    said = f"{there.url} answers and has {adapter_of(house)}, of 2 models; staged code is sent there"
    assert line == f"ok  endpoint   {said}"
    done, line = _doctored(house, CODETUNE_ENDPOINT=nowhere)
    assert line.startswith(f"!!  endpoint   {nowhere} cannot be reached")
    assert done.code == 5
    assert "endpoint" in done.complaint


@pytest.mark.parametrize("name", ["endpoint", "endpoint-model"])
@pytest.mark.parametrize("file", ["pyproject.toml", ".codetune.toml"])
def test_a_repository_may_not_choose_where_code_is_sent(house: Path, file: str, name: str) -> None:
    plant(house, SHORT)
    table = "[tool.codetune]\n" if file == "pyproject.toml" else ""
    (house / file).write_text(f'{table}{name} = "https://example.invalid/v1"\n')
    done = codetune(house, "suggest")
    assert done.code == 2
    assert done.complaint.startswith(f"{file}: '{name}' may not be set by a file of the repository")
