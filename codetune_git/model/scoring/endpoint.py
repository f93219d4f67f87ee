"""Scores staged text on a server that a person has configured: the OpenAI completions protocol as vLLM serves it.

Knows the protocol; the light runtime's folder supplies tokenizer, prompt format and context. Does not know sockets.

STAGED CODE LEAVES THIS MACHINE here, and nowhere else, and only where a person has set codetune.endpoint: no file of a
repository can. Sent are tokens: of the path, the surroundings and the hunk, cut to the prompt's limits, and of the
hunk's candidates up to the token that differs; and the model's name. Of the user nothing is sent but the key, if set.

Asked for is `echo` with `logprobs: 1`: the log-probability of every token of the prompt, and which would have been the
likeliest. One prompt is the text as it stands; each fork is one prompt more, which ends with the token that differs.
`max_tokens` is 1, since not every server takes 0. `return_tokens_as_token_ids` has tokens named by number: text names
only those that are whole characters. It also shows whether the server read the tokens that it was sent.

What is known about servers:
vLLM has all of it (`return_tokens_as_token_ids` is its own), takes lists of token ids as prompts, and lists LoRA
modules as models; 0.32 on a processor was found to. It reads no prefix cache where log-probabilities of the prompt are
asked for, yet wrong ones were reported with that cache (its issue 42019): docs/endpoint.md has it off. Its longest
sequence has to hold a prompt and one token more. Where LoRA may change the output layer, it takes a prompt's rows for
requests: on processors its engine ends then, on GPUs that layer's change was reported missing (its issue 51594). No
adapter from here changes that layer.
Read about others: llama.cpp's server does not echo log-probabilities of the prompt. Text Generation Inference computes
them only if it was started so, and SGLang gives them on an interface of its own. These are refused with one line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codetune_git.errors import Unavailable
from codetune_git.model.base.base_model import budget_for
from codetune_git.model.prompts.families import FAMILIES
from codetune_git.model.scoring.light_folder import read_light
from codetune_git.model.scoring.scoring_model import EncodedQuestion, ScoringModel, TextScores, WorstToken
from codetune_git.model.scoring.server import Server, shown
from codetune_git.model.tokenizers.loading import load_tokenizer

_TOKENS_AT_ONCE = 1 << 12  # of one request, unless of one text: a slow server reads hundreds a second, and has ten
_PREFIX = "token_id:"
_MALFORMED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Echo:
    """For each token of a prompt but the first: its log-probability, and the likeliest token with its own."""

    own: tuple[float, ...]
    likeliest: tuple[tuple[int, float], ...]


def _token(name: str) -> int:
    number = name.removeprefix(_PREFIX)
    if number == name or not number.isdecimal() or len(number) > 9:
        raise ValueError(f"a token is named {shown(name)!r}")
    return int(number)


def _finite(value: object) -> float:
    number = float(value) if isinstance(value, (int, float)) else math.nan
    if not math.isfinite(number):
        raise ValueError("a log-probability is no number")
    return number


def _echo(logprobs: dict[str, Any], sent: Ids) -> _Echo:
    """Raises one of `_MALFORMED` where it is no echo of what was sent."""
    if tuple(_token(name) for name in logprobs["tokens"][: len(sent)]) != sent:
        raise ValueError("other tokens come back")
    own = tuple(_finite(value) for value in logprobs["token_logprobs"][1 : len(sent)])
    likeliest = []
    for token, chance, top in zip(sent[1:], own, logprobs["top_logprobs"][1 : len(sent)], strict=True):
        others = {_token(name): _finite(value) for name, value in top.items()}
        likeliest.append(max({token: chance, **others}.items(), key=lambda one: one[1]))
    return _Echo(own, tuple(likeliest))


def _prompts(encoded: EncodedQuestion) -> list[Ids]:
    """The text as it stands, and one prompt for each point of divergence."""
    points = [(*encoded.prompt, *encoded.staged[: point.index], point.token) for point in encoded.points]
    return [encoded.ids, *points]


def _scores(encoded: EncodedQuestion, echoes: Sequence[_Echo]) -> TextScores:
    """From the echoes of `_prompts`."""
    whole, *points = echoes
    start = len(encoded.prompt) - 1  # the first token of a prompt has no probability
    own, likeliest = whole.own[start:], whole.likeliest[start:]
    log_odds = [chance - mine for (_, chance), mine in zip(likeliest, own, strict=True)]
    index = log_odds.index(max(log_odds))
    at_points = {point: echo.own[-1] - own[point.index] for point, echo in zip(encoded.points, points, strict=True)}
    return TextScores(WorstToken(index, likeliest[index][0], log_odds[index]), at_points)


def _requests(encoded: Sequence[EncodedQuestion]) -> Iterator[list[int]]:
    """Indices of what is asked at once."""
    chosen: list[int] = []
    tokens = 0
    for index, one in enumerate(encoded):
        cost = sum(map(len, _prompts(one)))
        if chosen and tokens + cost > _TOKENS_AT_ONCE:
            yield chosen
            chosen, tokens = [], 0
        chosen.append(index)
        tokens += cost
    if chosen:
        yield chosen


class _EndpointScorer:
    def __init__(self, server: Server, context: int) -> None:
        self._server, self._context = server, context

    def _completed(self, prompts: Sequence[Ids], limit: int, *, echo: bool) -> list[dict[str, Any]]:
        """The log-probabilities that each prompt is answered with."""
        body = {
            "model": self._server.model,
            "prompt": prompts,
            "max_tokens": limit,
            "temperature": 0,
            "repetition_penalty": 1,  # or vLLM takes what the base's generation_config.json says
            "echo": echo,
            "logprobs": 1,
            "return_tokens_as_token_ids": True,
        }
        choices = sorted(self._server.answer("completions", body)["choices"], key=lambda choice: choice["index"])
        if len(choices) != len(prompts):
            raise ValueError(f"{len(choices)} answers to {len(prompts)} prompts")
        return [choice["logprobs"] for choice in choices]

    def _malformed(self, error: Exception) -> Unavailable:
        """What is said about an answer that is not as vLLM's."""
        wanted = "echo with logprobs of token ids is needed, as vLLM has it"
        return Unavailable(f"{self._server.url} answers otherwise than expected ({shown(str(error))}): {wanted}")

    def score(self, encoded: Sequence[EncodedQuestion]) -> Iterator[tuple[int, TextScores]]:
        """One request for as many texts as go into one."""
        for chosen in _requests(encoded):
            sent = [prompt for index in chosen for prompt in _prompts(encoded[index])]
            try:
                answers = self._completed(sent, 1, echo=True)
                echoes = iter([_echo(one, prompt) for one, prompt in zip(answers, sent, strict=True)])
            except _MALFORMED as error:
                raise self._malformed(error) from error
            for index in chosen:
                yield index, _scores(encoded[index], [next(echoes) for _ in _prompts(encoded[index])])

    def continued(self, prompt: Sequence[int], stops: Iterable[int], limit: int) -> list[int]:
        """The likeliest tokens after `prompt`; the server goes on to the limit, since it knows nothing of `stops`."""
        room = min(limit, self._context - len(prompt))  # never none: a prompt leaves more than its hunk's length
        try:
            (answer,) = self._completed([tuple(prompt)], room, echo=False)
            written = [_token(name) for name in answer["tokens"]]
        except _MALFORMED as error:
            raise self._malformed(error) from error
        ends = frozenset(stops)
        end = next((index for index, token in enumerate(written) if token in ends), len(written))
        return written[: end + 1]


def served(server: Server) -> tuple[str, ...]:
    """The names of the models there, with its own among them. Raises Unavailable."""
    try:
        names = tuple(str(model["id"]) for model in server.answer("models")["data"])
    except _MALFORMED as error:
        raise Unavailable(f"{server.url}/models lists no models: see codetune.endpoint") from error
    if server.model not in names:
        there = shown(", ".join(names)) or "none"
        hint = "set codetune.endpointModel to the one that serves this adapter"
        raise Unavailable(f"{server.url} has no model {server.model!r}, but {there}: {hint}")
    return names


class EndpointModel(ScoringModel):
    """A `domain.LanguageModel` on a server."""

    @classmethod
    def open(cls, server: Server, folder: Path) -> EndpointModel:
        """The adapter compiled in `folder`, as the server has it.

        Raises DataRefused where the folder is not whole, Unavailable where the server has no such model.
        """
        light = read_light(folder)
        tokenizer = load_tokenizer(folder)
        served(server)
        scorer = _EndpointScorer(server, light.context)
        return cls(scorer, tokenizer, FAMILIES[light.family], budget_for(light.context))
