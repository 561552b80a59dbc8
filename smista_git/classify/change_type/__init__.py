"""The type of a change, from what its diff looks like."""
