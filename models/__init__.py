"""What is learned: the recommender, the text classifier and moderation."""
