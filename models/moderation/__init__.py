"""Moderation: is a message abusive, of what kind, and which words carry it."""
