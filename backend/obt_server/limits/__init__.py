"""How many requests who may send: counted in this process's memory, by the `limits` library."""
