"""Text and syntax: lines, hunks, trees, equivalence. Knows no conventions, no git, no model."""
