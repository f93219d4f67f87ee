"""`git codetune completion SHELL`: click's own script, and what makes git's completion use it for `git codetune`."""

from __future__ import annotations

from click import Command
from click.shell_completion import get_completion_class

# git's completions call a function (bash, zsh) named after the command; the words before it are git's own.
_GIT = {
    "bash": """
_git_codetune() {
    local first=$(( ${__git_cmd_idx:-1} + 1 ))
    COMP_WORDS=(git-codetune "${COMP_WORDS[@]:$first}")
    COMP_CWORD=$(( COMP_CWORD - first + 1 ))
    _git_codetune_completion git-codetune
}
""",
    "zsh": """
_git-codetune() {
    words[1]=git-codetune
    _git_codetune_completion
}
""",
    "fish": """
complete --no-files --command git --condition "__fish_seen_subcommand_from codetune" \
    --arguments "(COMP_WORDS=(commandline -cp | string replace -r '^.*?codetune' git-codetune) \
    COMP_CWORD=(commandline -t) _GIT_CODETUNE_COMPLETE=fish_complete git-codetune | string replace -r '^[^,]*,' '')"
""",
}


def run(command: Command, shell: str, *, program: str, variable: str) -> int:
    """Print the script that completes `command`, which is called `program` and asked by way of `variable`."""
    completion = get_completion_class(shell)
    assert completion is not None
    print(completion(command, {}, program, variable).source().strip())
    print(_GIT[shell])
    return 0
