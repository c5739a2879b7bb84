"""Custom actions, one module per skill."""
