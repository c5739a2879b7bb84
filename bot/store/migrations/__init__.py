"""Schema migrations, run by `bot.store.database.migrate`."""
