"""The tab *Meddelanden*."""
