"""What several of them show: domain values as parts of a message."""
