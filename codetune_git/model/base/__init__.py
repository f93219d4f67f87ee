"""A base model on disk: its folder, identity, dimensions and weights. Does not know how an adapter is trained."""
