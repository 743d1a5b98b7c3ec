"""Where the keys of a real store are: in a keyring or in files, as stands beside the store (domain.md §13)."""
