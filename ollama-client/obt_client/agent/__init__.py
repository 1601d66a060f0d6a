"""The life of a client that a server knows: it beats, watches, claims, works, delivers."""
