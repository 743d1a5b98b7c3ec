"""Delivering notices, against servers that really answer."""
