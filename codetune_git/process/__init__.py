"""Processes, signals and the terminal. Does not know repositories, models or what is computed."""
