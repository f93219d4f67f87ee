"""A verb a file. Knows git, store, model and logic, and joins them; does not know options or how it is worked out."""
