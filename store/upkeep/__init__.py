"""Keeping a store: backups of it, the way back from them, and whether it is as it should be (domain.md §13)."""
