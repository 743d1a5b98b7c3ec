"""The resident's side: what 1177 shows, used by the resident in practice and looked at by staff (domain.md §4)."""
