"""Forms, scores, graph and diary of a moment."""
