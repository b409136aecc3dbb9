"""dj-check: hold the record of a party branch against the written standards of branch work."""

__version__ = "0.1.0"
