"""The help (F1): what can be done on the screen beneath, the pages about it, a search, and where to turn for more."""
