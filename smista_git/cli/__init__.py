"""The terminal: one file a command; nothing else prints."""
