"""Dataexport: reading what is exported, and the files that it becomes (domain.md §11)."""
