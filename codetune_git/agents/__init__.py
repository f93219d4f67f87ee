"""Coding agents: what their settings and events look like. Pure; knows neither git nor suggestions."""
