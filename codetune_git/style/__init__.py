"""Counting how code is written. Knows sites and their contexts; knows no syntax, repository or cache."""
