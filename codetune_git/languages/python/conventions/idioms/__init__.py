"""Expressions and statements that can be written in other words, and names. Leaves the layout as it is."""
