"""A standard as it came out of its YAML, kept in the user's own cache: found again by its content, never trusted more.

An entry is four lines: a key over everything it was made from, a checksum, the standard as JSON, and the tests of its
rules, which nobody needs who judges records. An entry with another key, or damaged in any way, is none. What was
validated once is not validated again: the models are filled with the very values they had.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from dangjian_check import __version__
from dangjian_check.loading.caches import cache_folder
from dangjian_check.loading.leftovers import lives
from dangjian_check.model.calendar import Period
from dangjian_check.model.fields import Strict
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.rule import Rule, RuleTest
from dangjian_check.rulebook.standard import Chapter, Standard

_PACKAGE = Path(__file__).resolve().parents[1]
_MADE_BY = ("model", "checks", "rulebook", "loading")
_TAG = "~"
_TESTS = "tests"  # of a rule
_UNFINISHED = re.compile(r"standard-[0-9a-f]{24}\.json\.(\d+)\.tmp")
_MODELS = tuple(f"{__package__.partition('.')[0]}.{part}." for part in ("checks", "rulebook"))


def own_folder() -> str | None:
    """The user's folder for what can be made again, made if it is not there; None if there is none, or others can write
    to it."""
    place = cache_folder(os.environ)
    if place is None or not place.is_absolute():
        return None
    folder = str(place)
    try:
        os.makedirs(folder, 0o700, exist_ok=True)  # noqa: PTH103
        found = os.stat(folder)  # noqa: PTH116
    except OSError:
        return None
    owned = not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)
    return folder if owned and stat.S_ISDIR(found.st_mode) else None


class Kept:
    """The entry of one standard: ``folder`` and how it is ``shown`` name it, all its ``files`` are in its key."""

    def __init__(self, folder: Path, shown: str, files: list[tuple[str, bytes]]) -> None:
        place = own_folder() if files else None
        name = hashlib.sha256(f"{os.path.abspath(folder)}\0{shown}".encode("utf-8", "surrogateescape"))  # noqa: PTH100
        self._file = place and os.path.join(place, f"standard-{name.hexdigest()[:24]}.json")  # noqa: PTH118
        self._key = self._file and _key(shown, files)

    def read(self, *, tests: bool) -> Standard | None:
        """The standard, if it is there and was made from these very files by this very program, its rules with or
        without their tests."""
        if self._file is None or not os.path.isfile(self._file):  # noqa: PTH113  (a pipe would keep us waiting)
            return None
        try:
            with open(self._file, "rb") as stream:  # noqa: PTH123
                key, checksum, body = stream.read().split(b"\n", 2)
            whole = key.decode() == self._key and checksum.decode() == hashlib.sha256(body).hexdigest()
            return _standard(body, tests=tests) if whole else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, standard: Standard) -> None:
        """Keep the standard, if it can be kept and comes back equal; else nothing happens."""
        if self._file is None:
            return
        temporary = f"{self._file}.{os.getpid()}.tmp"
        _sweep(os.path.dirname(self._file))  # noqa: PTH120
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            body = _body(standard)
            again = _standard(body, tests=True)
            if (again, again.places) != (standard, standard.places):
                return
            try:
                with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                    stream.write(f"{self._key}\n{hashlib.sha256(body).hexdigest()}\n".encode() + body)
                os.replace(temporary, self._file)  # noqa: PTH105
            finally:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)  # noqa: PTH108


def _sweep(folder: str) -> None:
    """Remove what processes that were killed left half written."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            left = _UNFINISHED.fullmatch(entry.name)
            if left and not lives(int(left[1])):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108


def _key(shown: str, files: list[tuple[str, bytes]]) -> str:
    key = hashlib.sha256(f"{__version__}\0{_program()}\0{shown}\0".encode("utf-8", "surrogateescape"))
    for name, raw in files:
        key.update(f"{name}\0{len(raw)}\0".encode("utf-8", "surrogateescape"))
        key.update(raw)
    return key.hexdigest()


@cache
def _program() -> str:
    """Which program it is beyond its version: the sizes and times of the modules that make a standard."""
    found = [entry for part in _MADE_BY for entry in os.scandir(_PACKAGE / part) if entry.name.endswith(".py")]
    return repr(sorted((entry.path, entry.stat().st_size, entry.stat().st_mtime_ns) for entry in found))


def _body(standard: Standard) -> bytes:
    tests = {rule.id: rule.tests for rule in standard.rules if _TESTS in rule.model_fields_set}
    parts = (
        standard.manifest, [[chapter.title, list(chapter.rules)] for chapter in standard.chapters], standard.sheet,
        standard.superior_sheet, standard.digest, standard.ledger, standard.loosened, standard.places,
    )  # fmt: skip
    return b"\n".join(_json(_plain(part)) for part in (parts, tests))


def _json(plain: Any) -> bytes:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def _standard(body: bytes, *, tests: bool) -> Standard:
    first, rest = body.split(b"\n")
    manifest, chapters, sheet, superior, digest, ledger, loosened, places = json.loads(first, object_hook=_revived)
    tested = json.loads(rest, object_hook=_revived) if tests else {}
    return Standard(
        manifest,
        tuple(Chapter(title, tuple([_tested(rule, tested) for rule in rules])) for title, rules in chapters),
        sheet,
        superior,
        digest,
        ledger,
        tuple((rule, source) for rule, source in loosened),
        {rule: (file, line) for rule, (file, line) in places.items()},
    )


def _tested(rule: Rule, tested: dict[str, list[RuleTest]]) -> Rule:
    return rule.model_copy(update={_TESTS: tested[rule.id]}) if rule.id in tested else rule


def _plain(value: Any) -> Any:
    """The value as JSON has it; what JSON does not know is an object with a tag. Of a model only what was written, of
    a rule all but its tests."""
    if isinstance(value, Strict):
        told = value.model_fields_set - {_TESTS} if isinstance(value, Rule) else value.model_fields_set
        return {_TAG: type(value).__name__} | {k: _plain(inner) for k, inner in value.__dict__.items() if k in told}
    if isinstance(value, dict):
        if _TAG not in value and all(type(key) is str for key in value):
            return {key: _plain(inner) for key, inner in value.items()}
        return {_TAG: "dict", "": [[_plain(key), _plain(inner)] for key, inner in value.items()]}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, Outcome):
        return {_TAG: "Outcome", "": value.value}
    if isinstance(value, Period):
        return {_TAG: "Period", "": [value.start.isoformat(), value.end.isoformat()]}
    if isinstance(value, (date, Fraction)):
        return {_TAG: type(value).__name__, "": str(value)}
    if value is None or type(value) in (str, int, float, bool):
        return value
    raise TypeError(type(value).__name__)


def _revived(written: dict[str, Any]) -> Any:
    """The inverse of `_plain` for one object whose inner ones are revived already."""
    tag = written.pop(_TAG, None)
    if tag is None:
        return written
    if tag in _VALUES:
        return _VALUES[tag](written[""])
    kind, values = _kinds()[tag]
    model = kind.__new__(kind)
    put = object.__setattr__
    put(model, "__dict__", values | written)
    put(model, "__pydantic_fields_set__", set(written))
    put(model, "__pydantic_extra__", None)
    put(model, "__pydantic_private__", None)
    return model


_VALUES: dict[str, Any] = {
    "date": cache(date.fromisoformat),
    "Fraction": cache(Fraction),
    "Outcome": Outcome,
    "Period": lambda ends: Period(*map(date.fromisoformat, ends)),
    "dict": dict,
}


@cache
def _kinds() -> dict[str, tuple[type[Strict], dict[str, Any]]]:
    """The models a standard is made of by their names, each with its fields in their order and their defaults."""
    models, found = list(Strict.__subclasses__()), {}
    while models:
        model = models.pop()
        models += model.__subclasses__()
        if model.__module__.startswith(_MODELS):
            values = {name: field.get_default(call_default_factory=True) for name, field in model.model_fields.items()}
            found[model.__name__] = (model, values)
    return found
