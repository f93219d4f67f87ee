"""From commits to what is trained on. Knows changes, hunks and conventions; does not know git, tokens or models."""
