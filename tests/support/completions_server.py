"""A server of its own process that speaks the completions protocol as vLLM does, for a checkpoint or a light folder.

`python completions_server.py FOLDER NAME BEHAVIOUR` prints its URL and serves until it is ended. What it is asked goes
to its output, a JSON line each. Its log-probabilities are computed from the model's logits. BEHAVIOUR is how it fails.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

KEY = "sk-of-the-tests-0123456789"
SLOW_SECONDS = 60.0


def _light_logits(folder: Path) -> Callable[[list[int]], Any]:
    import ctranslate2

    computation = json.loads((folder / "light.json").read_text())["computation"]
    generator = ctranslate2.Generator(str(folder), compute_type=computation, intra_threads=1)
    return lambda ids: np.asarray(generator.forward_batch([ids]))[0]


def _torch_logits(folder: Path) -> Callable[[list[int]], Any]:
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()

    def logits(ids: list[int]) -> Any:
        with torch.inference_mode():
            return model(torch.tensor([ids])).logits[0].numpy()

    return logits


class _Scores:
    """True log-probabilities, one prompt at a time."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._end = self._tokenizer.token_to_id("<eos>")
        self._logits = (_light_logits if (folder / "light.json").exists() else _torch_logits)(folder)

    def rows(self, ids: list[int]) -> Any:
        """For each token the log-probabilities of the one after it."""
        logits = self._logits(ids).astype(np.float64)
        return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)

    def completed(self, ids: list[int], body: dict[str, Any]) -> dict[str, Any]:
        """One choice. Generates step by step, without any cache: its answers are to be right, not fast.

        The base's end of a text is the last token that it writes, if it comes.
        """
        whole = list(ids)
        for _ in range(body["max_tokens"]):
            whole.append(int(self.rows(whole)[-1].argmax()))
            if whole[-1] == self._end:
                break
        rows = self.rows(whole)
        first = 0 if body.get("echo") else len(ids)
        own, top = [], []
        for index in range(first, len(whole)):
            chances = rows[index - 1] if index else None
            own.append(None if chances is None else float(chances[whole[index]]))
            best = [] if chances is None else [whole[index], *chances.argsort()[::-1][: body["logprobs"]]]
            top.append({self._named(int(token), body): float(chances[token]) for token in best} if best else None)
        tokens = [self._named(token, body) for token in whole[first:]]
        return {"tokens": tokens, "token_logprobs": own, "top_logprobs": top}

    def _named(self, token: int, body: dict[str, Any]) -> str:
        if body.get("return_tokens_as_token_ids"):
            return f"token_id:{token}"
        return str(self._tokenizer.decode([token], skip_special_tokens=False))


class _Handler(BaseHTTPRequestHandler):
    scores: _Scores
    name: str
    behaviour: str

    def log_message(self, format: str, *arguments: object) -> None:
        """Not on the error stream."""

    def _say(self, code: int, content: bytes, **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _object(self, code: int, found: object) -> None:
        self._say(code, json.dumps(found).encode())

    def _failed(self) -> bool:
        """Whether the request was answered as `behaviour` has it."""
        if self.behaviour == "locked" and self.headers["Authorization"] != f"Bearer {KEY}":
            self._object(401, {"error": {"message": f"not {self.headers['Authorization']}"}})
        elif self.behaviour == "garbage":
            self._say(200, b"<html>")
        elif self.behaviour.startswith("http"):
            self._say(307, b"", Location=self.behaviour + self.path)
        elif self.behaviour == "broken" and self.command == "POST":
            self._object(500, {"error": {"message": f"\x1b[2Jout of memory {self.headers['Authorization']}"}})
        else:
            return False
        return True

    def do_GET(self) -> None:
        print(json.dumps({"path": self.path, "headers": dict(self.headers)}), flush=True)
        if self._failed():
            return
        if self.path == "/v1/models":
            self._object(200, {"data": [{"id": "base"}, {"id": self.name}]})
        else:
            self._object(404, {"detail": "Not Found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        print(json.dumps({"path": self.path, "headers": dict(self.headers), "body": body}), flush=True)
        if self._failed():
            return
        if self.behaviour == "slow":
            time.sleep(SLOW_SECONDS)
        if self.behaviour == "texts":
            del body["return_tokens_as_token_ids"]
        if self.path != "/v1/completions":
            self._object(404, {"detail": "Not Found"})
            return
        if body["model"] != self.name or self.behaviour == "unloaded":
            said = f"The model `{body['model']}` does not exist."
            self._object(404, {"error": {"message": said, "type": "NotFoundError", "param": "model", "code": 404}})
            return
        prompts = body["prompt"] if isinstance(body["prompt"][0], list) else [body["prompt"]]
        choices = [
            {"index": index, "text": "", "logprobs": self.scores.completed(ids, body)}
            for index, ids in enumerate(prompts)
        ]
        if self.behaviour == "unordered":
            choices.reverse()
        elif self.behaviour == "fewer":
            del choices[-1]
        elif self.behaviour == "numberless":
            choices[0]["logprobs"]["token_logprobs"][-2] = float("nan")
        elif self.behaviour == "shifted":  # as by a beginning of the text that the server adds
            choices[0]["logprobs"]["tokens"].insert(0, "token_id:0")
        self._object(200, {"choices": choices})


@dataclass(frozen=True)
class Serving:
    """A server that runs: its `url`, and the file of what it was asked."""

    url: str
    notes: Path

    @property
    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.notes.read_text().splitlines()[1:]]


@contextmanager
def serving(folder: Path, name: str, notes: Path, behaviour: str = "") -> Iterator[Serving]:
    """A server for the model in `folder`, called `name`; `notes` is a file that is not there yet."""
    command = [sys.executable, __file__, str(folder), name, behaviour]
    with notes.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, env={**os.environ, "OMP_NUM_THREADS": "1"})
    try:
        until = time.monotonic() + 120
        while not notes.read_text().endswith("\n"):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        yield Serving(notes.read_text().splitlines()[0], notes)
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Serve until the process is ended."""
    folder, _Handler.name, _Handler.behaviour = sys.argv[1:4]
    _Handler.scores = _Scores(Path(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(f"http://127.0.0.1:{server.server_port}/v1", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
