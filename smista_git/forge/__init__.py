"""Posts to forges, and says findings to other tools."""
