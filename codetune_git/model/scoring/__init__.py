"""Log-probabilities of candidates, by the light runtime, torch or a server. Does not know how a model was trained."""
