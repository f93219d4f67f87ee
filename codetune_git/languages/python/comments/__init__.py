"""Comments that tools read, and the lines that they are about. Knows spellings; does not know what is silenced."""
