"""The text classifier: one bidirectional gated network with heads for topic, opinion and emotion."""
