"""A record goes out again: as clean YAML, as a workbook to fill in. ``loading`` reads it back."""
