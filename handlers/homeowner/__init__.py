"""What a homeowner can do: one file per thing."""
