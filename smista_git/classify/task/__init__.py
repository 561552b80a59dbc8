"""A task in words: what is wanted, and how strong a model it deserves."""
