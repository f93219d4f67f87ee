"""The languages that are read, a folder each. Knows syntax and what means the same; knows no file, count or model."""
