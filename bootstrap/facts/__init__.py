"""Questions to a host, grouped as a host sees itself: read-only command + parser pairs."""
