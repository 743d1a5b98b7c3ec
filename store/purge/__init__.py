"""A purge from beginning to end: moment by moment, until no byte is left in the store, and a certificate says so."""
