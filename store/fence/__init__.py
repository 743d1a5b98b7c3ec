"""The second fence around a store on PostgreSQL: row-level security, below all that the program itself refuses."""
