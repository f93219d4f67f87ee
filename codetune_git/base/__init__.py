"""The embedded base model: weights, tokenizer, card. Knows no code: model/base reads it, pretraining/ makes it."""
