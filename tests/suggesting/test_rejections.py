from support.suggestions import suggestion

from codetune_git.suggesting.rejections import Rejections

OLD, NEW = ("    x=1",), ("    x = 1",)


def test_the_same_text_of_the_same_file_is_silent() -> None:
    rejections = Rejections.of([("a.py", OLD, NEW)])
    assert rejections.silence(suggestion("a.py", 7, OLD, NEW))
    assert not rejections.silence(suggestion("a.py", 7, OLD, ("    x =1",)))
    assert not rejections.silence(suggestion("b.py", 7, OLD, NEW))


def test_twins_are_silent_after_two_whatever_their_indentation() -> None:
    rejections = Rejections.of([("a.py", OLD, NEW), ("b.py", ("x=1",), ("x = 1",))])
    assert rejections.silence(suggestion("c.py", 1, ("        x=1",), ("        x = 1",)))
    assert not rejections.silence(suggestion("c.py", 1, ("y=1",), ("y = 1",)))


def test_nothing_rejected_silences_nothing() -> None:
    assert not Rejections.of([]).silence(suggestion("a.py", 1, OLD, NEW))
