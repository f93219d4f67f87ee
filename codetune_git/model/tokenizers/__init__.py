"""Tokenizers: text to token ids and back. Does not know prompts or models."""
