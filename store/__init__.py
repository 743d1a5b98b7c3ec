"""What is true: tables, rules, queries, log and migrations. Imports neither Textual nor the other storeys."""
