"""``git smista commit``: the command, the dialogue about a message, and a commit in several parts."""
