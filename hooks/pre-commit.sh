# A gate: our own commits pass through it as well.
