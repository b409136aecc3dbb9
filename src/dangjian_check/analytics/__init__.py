"""Many assessments at once: rows (`dangjian_check.reports.rows`) and Parquet under DuckDB, the extra ``analytics``."""
