"""`git codetune` with a second language: what two lines in the package would add is added before it is loaded."""

import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
import_module("codetune_git.languages.known").add("support.second_language.scripts:SCRIPTS")

if __name__ == "__main__":
    sys.exit(import_module("codetune_git.cli").main())
