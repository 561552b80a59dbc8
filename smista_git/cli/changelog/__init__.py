"""``git smista changelog``: the command, what it prints, what it writes, and what a model rewords."""
