import pytest

from codetune_git.errors import UsageError
from codetune_git.git.sharing import _PATH, ref_of


@pytest.mark.parametrize("path", ["manifest.json", "adapter/adapter_config.json", "light/model.bin"])
def test_paths_of_an_adapter(path: str) -> None:
    assert _PATH.fullmatch(path)


@pytest.mark.parametrize(
    "path",
    ["../evil", "a/../evil", "/etc/passwd", "a/b/c", ".git/config", "a/.hidden", "a\\b", "a\nb", "", "a/"],
)
def test_paths_that_are_never_written(path: str) -> None:
    assert not _PATH.fullmatch(path)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".a", "a..b", "a.lock", "-x", "a b", "a\n", "x" * 65])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(UsageError):
        ref_of(name)
    assert ref_of("team-1.2_x") == "refs/codetune/adapters/team-1.2_x"
