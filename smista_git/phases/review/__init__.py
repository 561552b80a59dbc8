"""The review phase: what a model is asked, where its findings lie, which of them hold, and what needs no model."""
