"""Exercises: something to do in the practice environment, which ticks itself off (domain.md §9)."""
