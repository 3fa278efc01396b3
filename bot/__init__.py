"""The running program: wiring, channels, pipes, commands."""
