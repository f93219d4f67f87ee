"""From a staged file to suggestions with their confidence. Knows counts and log-odds; does not know git or engines."""
