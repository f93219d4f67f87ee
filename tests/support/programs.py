"""Small programs that could tell two spellings apart, and both sides of a rewrite run and compared.

Knows templates of programs and how to run one. Does not know what is proven, which it asks, nor the rules of the proof.
A program prints what it does: values, the order of evaluation, what it raises. Where a line stands it does not print.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import signal
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.python.proof.equivalence import verify
from codetune_git.languages.table import CATALOGUE
from codetune_git.samples.patch import Patch
from codetune_git.text.source import Source, apply_edits
from support.program_templates import PRELUDE, SCENES, SLOTS

SECONDS = 5  # of a program that does not end
_SLOT = re.compile(r"\$([A-Z])")
_SCENE = re.compile(r"def (scene_\w+)")
_ADDRESS = re.compile(r"0x[0-9a-f]+")
_END = "\n\nattempt_all(dict(globals()))\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """A rewrite that is said to keep the program and does not. `place` is equal for faults that are alike."""

    place: str
    proof: str
    before: str
    after: str
    said_before: str
    said_after: str

    def as_row(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def told(self) -> str:
        """As one reads it: without what all programs have in common."""
        pieces = (text.removeprefix(PRELUDE).removesuffix(_END) for text in (self.before, self.after))
        before, after = (piece.strip() for piece in pieces)
        said = f"prints\n{self.said_before}\nand then\n{self.said_after}"
        return f"## {self.place} ({self.proof})\n\n{before}\n\nbecomes\n\n{after}\n\n{said}"


@st.composite
def scenes(draw: st.DrawFn) -> str:
    """A template with its slots filled: one or two definitions whose names begin with `scene`."""
    text = draw(st.sampled_from(SCENES))
    return _SLOT.sub(lambda slot: draw(st.sampled_from(SLOTS[slot[1]])), text)


@st.composite
def programs(draw: st.DrawFn, most: int = 1) -> str:
    """A program of so many scenes."""
    return PRELUDE + "\n\n".join(draw(st.lists(scenes(), min_size=1, max_size=most))) + _END


def _expire(number: int, frame: object) -> None:
    raise TimeoutError


@contextlib.contextmanager
def _clean_state(module: types.ModuleType) -> Iterator[None]:
    """What a program may change is put back: its place among the modules, loggers, warnings, the alarm."""
    sys.modules[module.__name__] = module
    before = signal.signal(signal.SIGALRM, _expire)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        del sys.modules[module.__name__]
        for name in [name for name in logging.Logger.manager.loggerDict if name.startswith("program")]:
            del logging.Logger.manager.loggerDict[name]


def said(text: str) -> str:
    """What the program prints, and what ends it if not its end."""
    module = types.ModuleType("program")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()), _clean_state(module):
        try:
            exec(compile(text, "<program>", "exec", dont_inherit=True), module.__dict__)
        except BaseException as error:
            print("ended by", type(error).__name__)
    return _ADDRESS.sub("0x", out.getvalue())


def _proof(before: bytes, after: bytes) -> str:
    """What is proven, in a word."""
    found = verify(before, after)
    return "" if found is None else found.verification.value


def _each(source: Source, convention: Convention) -> Iterator[tuple[str, bytes]]:
    """The text with every other variant of every site in a scene, alone; then with each variant at all of them."""
    scenes = len(PRELUDE.encode()), len(source.text) - len(_END)
    found = [site for site in convention.sites(source) if scenes[0] <= site.start and site.end <= scenes[1]]
    for variant in convention.variants:
        others = [site for site in found if site.variant != variant]
        edits = [made for site in others if (made := convention.rewrite(source, site, variant))]
        together = Patch()
        for made in edits:
            together.add(made)
            yield variant, apply_edits(source.text, made)
        if len(edits) > 1:
            yield variant, together.apply(source.text)


def faults(program: str, classes: Sequence[str]) -> Iterator[Fault]:
    """Rewrites of `program` whose proof is among `classes`, and that make it print something else.

    None of a program that does not even print the same twice: what it prints depends on what ran before.
    """
    source = Source.parse(program.encode(), GRAMMAR)
    assert not source.has_error, program
    expected = said(program)
    if said(program) != expected:
        return
    scene = _SCENE.findall(program.removeprefix(PRELUDE))[0]
    for convention in CATALOGUE:
        for variant, after in _each(source, convention):
            proof = _proof(source.text, after)
            if proof in classes and (found := said(after.decode())) != expected:
                yield Fault(
                    place=f"{convention.name} to {variant}: {scene}",
                    proof=proof,
                    before=program,
                    after=after.decode(),
                    said_before=expected,
                    said_after=found,
                )


def examine(examples: int, classes: Sequence[str], heard: Callable[[Fault], None], seconds: float) -> int:
    """`heard` of the faults of so many programs, drawn in one order; of those that are alike of the first.

    How many programs there was time for.
    """
    places: set[str] = set()
    end = time.monotonic() + seconds
    looked_at = 0

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=tuple(HealthCheck),
    )
    @given(programs())
    def look(program: str) -> None:
        nonlocal looked_at
        if time.monotonic() > end:
            return
        looked_at += 1
        for fault in faults(program, classes):
            if fault.place not in places:
                places.add(fault.place)
                heard(fault)

    look()
    return looked_at
