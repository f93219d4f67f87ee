"""The proof for JavaScript and TypeScript: equal trees, up to spellings that mean the same."""
