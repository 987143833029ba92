"""How the public files of schools are read (DOMAIN.md 6)."""
