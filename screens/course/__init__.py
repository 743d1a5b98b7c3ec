"""The trainer's side of a course: the table that fills, and what each trainee did."""
