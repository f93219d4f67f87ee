"""The recipe that made codetune_git/base/, from corpus to export. Not part of the wheel."""
