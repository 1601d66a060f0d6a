"""What lies between a socket and the application: TLS, proxies, and connections that take too long or say too much."""
