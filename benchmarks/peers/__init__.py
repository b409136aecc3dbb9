"""The ten rules, one engine a module. ``engines()`` of a module raises ``ImportError`` where its package is missing."""
