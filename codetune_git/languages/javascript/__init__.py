"""JavaScript, with JSX: layout alone."""
