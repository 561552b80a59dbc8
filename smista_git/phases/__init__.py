"""Pure: what each phase asks of a model and how its answer is judged."""
