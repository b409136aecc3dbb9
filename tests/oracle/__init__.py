"""The rules judged by hand."""
