"""What a browser hears: a snapshot, then every change."""
