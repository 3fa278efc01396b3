"""The business: what would still be true if we sold over the counter."""
