"""Alembic's scripts: how a store comes from one revision to the next."""
