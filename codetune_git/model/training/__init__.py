"""Training a LoRA adapter: configuration, memory plan, loop, checkpoint. Does not know git, commits or conventions."""
