"""The review desk: what the staff find, judge, answer and teach; `bot/console` shows it."""
