"""A company that exists only here, to try things with: a company file and its import files."""
