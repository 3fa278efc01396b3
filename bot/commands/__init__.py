"""The commands: one module for each group, loaded only when it is asked for (a start must be quick and small)."""
