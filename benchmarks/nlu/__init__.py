"""How well Usher understands: our own sentences, real ones, and names that are ordinary words.

`make bench-nlu`; nothing of the reference sets is learned from or chosen by, they only measure.
"""
