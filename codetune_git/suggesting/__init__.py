"""suggesting."""
