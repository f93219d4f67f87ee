"""Programs that could tell two spellings apart: what is proven to be the same prints the same."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from support.program_templates import PRELUDE, SCENES, SLOTS
from support.programs import faults, programs, said

PROVEN = ("safe", "rename")


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs())
def test_what_is_proven_prints_the_same(program: str) -> None:
    for fault in faults(program, PROVEN):
        raise AssertionError(fault.told())


def test_programs_can_tell_spellings_apart() -> None:
    """A rewrite that is called proven and is not would be seen."""
    before = said(PRELUDE + "print('%s' % (1,))\n")
    assert (before, said(PRELUDE + "print(f'{(1,)}')\n")) == ("1\n", "(1,)\n")
    assert (
        said(PRELUDE + "attempt(made_error)\nraise Needs\n")
        == "factory\nvalue KeyError KeyError('made')\nended by TypeError\n"
    )


def test_a_program_that_does_not_end_is_ended() -> None:
    assert said("while True:\n    pass\n") == "ended by TimeoutError\n"


def test_every_template_is_a_program() -> None:
    for scene in SCENES:
        for slot, fillings in SLOTS.items():
            scene = scene.replace(f"${slot}", fillings[0])
        compile(PRELUDE + scene, "<scene>", "exec")
