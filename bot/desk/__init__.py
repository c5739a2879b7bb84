"""The review desk's data: conversations as the staff look for, read and count them."""
