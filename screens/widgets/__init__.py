"""Widgets that several screens share; they hold no rules and no SQL."""
