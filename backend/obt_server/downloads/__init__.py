"""The client from the server itself: the scripts that install it, and the wheels that they install."""
