"""Java: layout alone."""
