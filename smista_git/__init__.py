"""Sorts the work around a commit to the model that should do it."""

__version__ = "0.1.0"
