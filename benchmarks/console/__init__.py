"""How fast the staff's console is with a million messages, on both databases. `make bench-console`

made      conversations out of thin air, as events
bulk      their rows into a database, by the way the projector makes them
pages     the heaviest pages
"""
