"""What any grammar has: lines, gaps between tokens, lists in brackets. Knows no language: a Grammar's tables say it."""
