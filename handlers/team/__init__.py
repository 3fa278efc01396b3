"""What the team can do."""
