"""What is said and heard, before any network."""
