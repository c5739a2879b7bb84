"""The state of a conversation and how it moves: turns, standing requests, references, cards."""
