"""Findings as text, as a unified diff, as JSON. Pure; knows neither files nor terminals nor how findings are made."""
