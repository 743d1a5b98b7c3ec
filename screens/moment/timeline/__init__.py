"""The tab *Tidslinje*."""
