"""*Startade moduler* on the tab *Hantera*."""
