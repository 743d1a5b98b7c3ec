"""What people see: a module per tab, page or dialog."""
