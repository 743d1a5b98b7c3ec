"""The help: articles of ours, and the search in them. Needs no store."""
