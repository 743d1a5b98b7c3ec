"""*Att göra*: the queue, the way through it, and what is done there."""
