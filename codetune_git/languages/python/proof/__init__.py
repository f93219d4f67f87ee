"""The proof that two Python texts mean the same, or under which assumptions. Knows ast; knows no convention."""
