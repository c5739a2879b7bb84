"""The text classifier: a bidirectional gated network for topic, opinion and emotion."""
