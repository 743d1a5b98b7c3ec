"""Dialogs by hand: keys and mouse on a dialog alone, with a made-up store behind it."""
