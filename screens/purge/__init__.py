"""*Gallring*, for who is dataadministratör."""
