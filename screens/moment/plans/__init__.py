"""Activity plans of a moment."""
