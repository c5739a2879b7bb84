"""What Usher keeps: one schema, its migrations and its repositories."""
