"""Understanding: Rasa graph components for English and Chinese."""
