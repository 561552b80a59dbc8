"""What a change, each commit of a range, or a task in words is. Each file loads only what its own way needs."""
