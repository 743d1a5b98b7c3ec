"""*Personal*: the unit's staff, their roles and trainings."""
