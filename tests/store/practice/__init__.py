"""The practice environment."""
