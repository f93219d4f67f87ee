"""`python -m codetune_git` is `git codetune`."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the folder that the user stands in: its modules are not to be imported, which would run them

from codetune_git.cli import main

main()
