"""What was spent and how it turned out."""
