"""Blanks within a line. Knows gaps between tokens; moves no line."""
