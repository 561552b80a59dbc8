"""A review, step by step: what is read, by whom, what is kept and where it is said."""
