"""A server that has the same model gives the same answers; one that fails is said to in one line."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.completions_server import KEY, Serving, serving

from codetune_git.domain import LanguageModel, Question, Sample, SampleKind
from codetune_git.errors import OverBudget, Unavailable
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.scoring.compile import compile_adapter
from codetune_git.model.scoring.endpoint import EndpointModel, served
from codetune_git.model.scoring.light_runtime import LightModel
from codetune_git.model.scoring.server import Server
from codetune_git.model.scoring.torch_runtime import TorchModel
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training.batching import encode_samples
from codetune_git.model.training.config import TrainingConfig
from codetune_git.model.training.fit import fit

STAGED = "third = 'three'\nfourth = call(1, 2)\n"
CANDIDATES = ('third = "three"\nfourth = call(1, 2)\n', "third = 'three'\nfourth = call(1,2)\n", STAGED)


def question(number: int) -> Question:
    return Question("part.py", f'first = "{number}"\n' * number, STAGED, 'last = "end"\n', CANDIDATES)


QUESTIONS = [question(number) for number in (1, 9, 4, 30)]
ONE_LINE = [Question("part.py", 'first = "1"\n', f"x = '{number}'\n", "") for number in (1, 7, 77)]


@pytest.fixture(scope="module")
def light(base: BaseModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an adapter that has learned to write one line with other quotes."""
    folder = tmp_path_factory.mktemp("light")
    samples = [
        Sample(SampleKind.RESTORATION, "part.py", 'first = "1"\n', f"x = '{i}'\n", "", f'x = "{i}"\n')
        for i in range(64)
    ]
    examples, _ = encode_samples(samples, base.family, load_tokenizer(base.folder), base.budget)
    settings = TrainingConfig(600, precision="fp32", learning_rate=5e-3, epochs=3)
    fit(base, examples, (), settings=settings, out=folder / "adapter")
    compile_adapter(base, folder / "adapter", folder / "light")
    return folder / "light"


@pytest.fixture(scope="module")
def there(light: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(light, "ours", tmp_path_factory.mktemp("server") / "notes") as found:
        yield found


@pytest.fixture(scope="module")
def model(there: Serving, light: Path) -> EndpointModel:
    return EndpointModel.open(Server(there.url, "ours"), light)


def agree(model: LanguageModel, other: LanguageModel) -> None:
    for mine, theirs in zip(model.log_odds(QUESTIONS), other.log_odds(QUESTIONS), strict=True):
        assert mine == pytest.approx(theirs, abs=1e-3)
        assert mine[2] == 0.0
        assert abs(mine[0]) > 0.01
    for asked in (*QUESTIONS, *ONE_LINE):
        (text, gap), (other_text, other_gap) = model.write(asked), other.write(asked)
        assert text == other_text
        assert gap == pytest.approx(other_gap, abs=1e-3)


def test_it_answers_as_the_light_runtime_does(model: EndpointModel, light: Path) -> None:
    agree(model, LightModel.load(light, threads=1))


def test_it_answers_as_torch_does(base: BaseModel, light: Path, tmp_path: Path) -> None:
    with serving(base.folder, "ours", tmp_path / "notes", "unordered") as there:
        agree(EndpointModel.open(Server(there.url, "ours"), light), TorchModel.load(base))


def test_a_line_is_written_on_the_server(there: Serving, light: Path) -> None:
    """Once scored, what is written needs one request more; a server that is not asked would agree by chance."""
    model, before = EndpointModel.open(Server(there.url, "ours"), light), len(there.asked)
    model.log_odds([*QUESTIONS, *ONE_LINE])
    _, scored = there.asked[before - 1 :]
    assert (scored["body"]["echo"], scored["body"]["max_tokens"], len(scored["body"]["prompt"])) == (True, 1, 15)
    assert all(model.write(asked)[0] != asked.staged for asked in ONE_LINE)
    written = [one["body"] for one in there.asked[before + 1 :]]
    assert len(written) == len(ONE_LINE)
    assert all(not body["echo"] and body["max_tokens"] > 1 and body["temperature"] == 0 for body in written)


def test_no_request_is_more_than_a_slow_server_can_answer(there: Serving, model: EndpointModel) -> None:
    before = len(there.asked)
    questions = [question(number) for number in range(1, 41)]
    assert [len(gaps) for gaps in model.log_odds(questions)] == [len(CANDIDATES)] * len(questions)
    sent = [sum(map(len, one["body"]["prompt"])) for one in there.asked[before:]]
    assert len(sent) > 1
    assert max(sent) <= 4096


def test_what_does_not_fit_is_not_sent(there: Serving, model: EndpointModel) -> None:
    huge = Question("part.py", "", "value = 1\n" * 400, "", ("value = 2\n" * 400,))
    before = len(there.asked)
    assert model.log_odds([huge]) == [(0.0,)]
    assert model.write(huge) == (huge.staged, 0.0)
    assert len(there.asked) == before


def test_only_what_must_be_sent_is_sent(there: Serving, light: Path) -> None:
    before = len(there.asked)
    EndpointModel.open(Server(there.url, "ours", KEY), light).log_odds(QUESTIONS[:1])
    listed, scored = there.asked[before:]
    assert listed["path"] == "/v1/models"
    assert scored["body"].keys() == {
        *("model", "prompt", "max_tokens", "temperature", "repetition_penalty"),
        *("echo", "logprobs", "return_tokens_as_token_ids"),
    }
    for one in (listed, scored):
        assert one["headers"]["Authorization"] == f"Bearer {KEY}"
        assert one["headers"].keys() <= {
            *("Host", "Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Type", "Content-Length")
        }
    EndpointModel.open(Server(there.url, "ours"), light)
    assert "Authorization" not in there.asked[-1]["headers"]


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("garbage", "answers with no JSON over HTTP"),
        ("locked", r"refuses the key \(401\): set CODETUNE_ENDPOINT_KEY"),
        ("broken", r"completions fails with 500:  \[2Jout of memory Bearer \(key\)$"),
        ("unloaded", r"completions fails with 404: The model `ours` does not exist.$"),
        ("fewer", r"answers otherwise than expected \(2 answers to 3 prompts\)"),
        ("numberless", r"answers otherwise than expected \(a log-probability is no number\)"),
        ("shifted", r"answers otherwise than expected \(other tokens come back\)"),
        ("texts", "answers otherwise than expected .*a token is named .*echo with logprobs of token ids is needed"),
    ],
)
def test_a_server_that_fails(light: Path, tmp_path: Path, behaviour: str, said: str) -> None:
    with serving(light, "ours", tmp_path / "notes", behaviour) as there:
        key = "sk-wrong" if behaviour == "locked" else KEY
        with pytest.raises(Unavailable, match=said) as caught:
            EndpointModel.open(Server(there.url, "ours", key), light).log_odds(QUESTIONS[:1])
        assert key not in str(caught.value)
        assert key not in repr(Server(there.url, "ours", key))


def test_a_model_that_is_not_there(there: Serving) -> None:
    with pytest.raises(Unavailable, match=r"has no model 'theirs', but base, ours: set codetune.endpointModel"):
        served(Server(there.url, "theirs"))
    with pytest.raises(Unavailable, match=r"/v2/models is not there \(404\): the URL of most servers ends in /v1"):
        served(Server(there.url.replace("v1", "v2"), "ours"))


def test_a_redirect_is_not_followed(there: Serving, light: Path, tmp_path: Path) -> None:
    before = len(there.asked)
    with serving(light, "ours", tmp_path / "notes", there.url.removesuffix("/v1")) as first:
        with pytest.raises(Unavailable, match=r"sends elsewhere \(307\), which is not followed"):
            served(Server(first.url, "ours", KEY))
        assert len(first.asked) == 1
    assert len(there.asked) == before


def test_an_answer_without_end_is_not_read(there: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codetune_git.model.scoring.server._MOST_BYTES", 8)
    with pytest.raises(Unavailable, match="/models answers with more than 0 MiB: not read"):
        served(Server(there.url, "ours"))


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(Unavailable, match=r"cannot be reached \(Connection refused\): see codetune.endpoint"):
            served(Server(url, "ours"))


def test_an_answer_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:  # the system accepts for it
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(OverBudget, match="has not answered in the time that is left"):
            served(Server(url, "ours", until=time.monotonic() + 0.3))
        with pytest.raises(OverBudget):
            served(Server(url, "ours", until=time.monotonic()))
        monkeypatch.setattr("codetune_git.model.scoring.server._ANSWER_SECONDS", 0.3)
        with pytest.raises(Unavailable, match="has not answered in time"):
            served(Server(url, "ours"))
