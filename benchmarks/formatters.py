"""How many lines of HEAD ruff changes with its defaults, and with what `conventions --as ruff` says.

    python -m benchmarks.formatters REPOSITORY... [--as black]

Prints a row of a Markdown table for each repository. Nothing is written but the repositories' counts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path


def row(repository: Path, tool: str) -> str:
    """What the command says of one repository: its lines, those changed by default and as exported, the settings."""
    call = [sys.executable, "-P", "-m", "codetune_git", "conventions", "--as", tool]
    said = subprocess.run(call, cwd=repository, capture_output=True, text=True, check=True).stdout
    comment, *settings = said.splitlines()
    numbers = [word.strip(";.") for word in comment.split() if word[0].isdigit()]
    if len(numbers) != 3:
        return f"| {repository.name} | | | | {comment} |"
    exported, by_default, every = numbers
    inline = ", ".join(line.strip().rstrip(",") for line in settings if "=" in line or ":" in line)
    return f"| {repository.name} | {every} | {by_default} | {exported} | {inline or 'its defaults'} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--as", dest="tool", default="ruff", choices=("ruff", "black", "prettier"))
    arguments = parser.parse_args()
    print("| repository | lines | changed by default | as exported | settings |\n|---|---|---|---|---|")
    for repository in arguments.repositories:
        print(row(repository.resolve(), arguments.tool), flush=True)


if __name__ == "__main__":
    main()
