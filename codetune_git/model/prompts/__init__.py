"""Prompt formats of the families of base models. Knows tokenizers; does not know torch, weights or files."""
