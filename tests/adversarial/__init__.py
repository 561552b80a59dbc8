"""Attempts to get marked values off the machine, each through the real command line, and the walls that hold them."""
