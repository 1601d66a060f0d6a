"""What a client asks and tells: where the domains meet."""
