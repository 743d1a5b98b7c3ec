"""Care: programs, moments and what happens in them."""
