"""Benches: they print tables and are never tests, for the machine decides as much as the code."""
