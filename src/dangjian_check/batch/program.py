"""This program as one hash: two programs with the same answer alike."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from dangjian_check import __version__
from dangjian_check.loading.standards import rules_root

# What reads and judges beside our own code: another version may answer otherwise.
LIBRARIES = (
    "chinesecalendar",
    "pydantic",
    "python-calamine",
    "python-dateutil",
    "ruamel.yaml",
    "ruamel.yaml.clib",
)
_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def program_digest() -> bytes:
    """Its version, its very source and rules (a checkout changes without a new version), Python and the libraries that
    read and judge."""
    known = [f"{name} {_version(name)}" for name in LIBRARIES]
    files = [*_below(_PACKAGE, "*.py"), *_below(rules_root(), "*.yaml")]
    python = f"{sys.implementation.name} {sys.version_info[:3]}"
    return digest(*(text.encode() for text in (__version__, python, *known)), *files)


def digest(*parts: bytes) -> bytes:
    """SHA-256 over length-prefixed parts."""
    found = hashlib.sha256()
    for part in parts:
        found.update(b"%d:" % len(part))
        found.update(part)
    return found.digest()


def _below(folder: Path, pattern: str) -> Iterable[bytes]:
    for path in sorted(folder.rglob(pattern)):
        yield path.relative_to(folder).as_posix().encode()
        yield path.read_bytes()


def _version(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return ""
