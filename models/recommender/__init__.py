"""Collaborative filtering mixed with content, scored by fold-in."""
