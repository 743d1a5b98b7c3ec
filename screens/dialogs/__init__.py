"""Dialogs: each returns a value and writes nothing; who opened it does the work."""
