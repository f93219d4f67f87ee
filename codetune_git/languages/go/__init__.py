"""Go: layout alone."""
