"""One Rasa input channel per platform."""
