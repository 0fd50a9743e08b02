"""Layout on disk, records, claims, pools and the tidy table of results."""
