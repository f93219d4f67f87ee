"""JavaScript and TypeScript, with JSX: layout and quotes."""
