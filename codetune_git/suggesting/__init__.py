"""From a staged hunk to what is said of it, and how sure. Knows counts and gaps; does not know git or engines."""
