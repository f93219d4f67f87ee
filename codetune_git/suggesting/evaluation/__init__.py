"""How right the suggestions are: cases of settled hunks, what is proposed in them, and metrics. Knows no files."""
