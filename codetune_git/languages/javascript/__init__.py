"""JavaScript and TypeScript, with JSX: layout alone."""
