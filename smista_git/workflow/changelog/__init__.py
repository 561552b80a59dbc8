"""The changelog, step by step: history in, the file as its owner keeps it out."""
