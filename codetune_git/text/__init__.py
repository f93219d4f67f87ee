"""Texts and their syntax trees: lines, hunks, edits, admission. Knows grammars; does not know conventions or git."""
