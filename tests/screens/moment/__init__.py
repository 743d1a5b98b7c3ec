"""The resident's page, on a real store in a file."""
