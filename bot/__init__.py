"""Usher: a bilingual assistant for the audiences of films and TV."""
