"""One command per table of figures; each ends in one JSON line with its bars."""
