"""The command line and what starts with it."""
