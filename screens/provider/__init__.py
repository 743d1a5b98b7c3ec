"""*Vårdgivare*: what stands above the units, for the vårdgivaradministratör."""
