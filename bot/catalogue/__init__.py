"""Titles, people and their names in both languages."""
