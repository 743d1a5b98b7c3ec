"""Flags of a moment, and the tab that shows them with the plans."""
