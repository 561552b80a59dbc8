"""Secrets in added lines and whole texts."""
