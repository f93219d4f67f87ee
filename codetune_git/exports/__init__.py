"""What other tools and people are told of a house's habits: instructions, settings. Pure: habits in, texts out."""
