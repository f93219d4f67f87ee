"""The review at a terminal: suggestions in, decisions out. Knows Textual; knows neither git nor model nor files."""
