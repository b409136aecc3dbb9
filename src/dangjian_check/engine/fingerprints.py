"""Names that outlive rewording: of a deficiency, of a duty that is still owed."""

from __future__ import annotations

import hashlib


def fingerprint(branch: str, rule: str, subject: str, window: str, defect: str) -> str:
    """The name of a deficiency: 16 hex digits; never over line, text, severity or file."""
    return _hashed("1", branch, rule, subject, window, defect)[:16]


def duty_key(branch: str, standard: str, rule: str, window: str, subject: str) -> str:
    """The name of a duty: 32 hex digits; never over a day or a text."""
    return _hashed("due/1", branch, standard, rule, window, subject)[:32]


def _hashed(*parts: str) -> str:
    """A hash over length-prefixed parts."""
    packed = b"".join(f"{len(part.encode())}:".encode() + part.encode() for part in parts)
    return hashlib.sha256(packed).hexdigest()
