"""The tab *Hantera*."""
