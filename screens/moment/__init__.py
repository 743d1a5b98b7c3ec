"""The resident's page: a module per tab."""
