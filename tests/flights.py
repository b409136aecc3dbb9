"""Records with canaries let loose by chance, in many spellings and shapes, and a search that finds them again however
an output writes them: no personal number anywhere, no name where names were to be hidden."""

from __future__ import annotations

import base64
import contextlib
import html
import io
import json
import random
import re
import sqlite3
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

import typer  # noqa: F401  (the command line does without it, if it can)

from canaries import DROPPED, OF_BRANCH, OF_ORGANIZATION, Data, Flock, filled, ledger, with_check, written
from dangjian_check.cli.main import run_cli
from dangjian_check.reports import FORMATS
from dangjian_check.reports.due import DUE_FORMATS
from program import PACKS

# The given names of canaries are of characters that nobody else uses, and their numbers begin like no other figures.
_GIVEN = range(0x3400, 0x4DB0)
_MOST = 97  # names of one record
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
NAME = re.compile("[㐀-䶿]")
_BETWEEN = r"[\s\-._()/·]{0,40}"
NUMBER = re.compile("|".join(_BETWEEN.join(begun) for begun in ("110101199", "1101019003", "13999990", "057180")))
_WIDE = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")  # noqa: RUF001
_SPELLINGS: list[Callable[[str], str]] = [
    lambda n: n,
    lambda n: n,
    str.lower,
    lambda n: n.translate(_WIDE),
    lambda n: f"{n[:6]} {n[6:]}" if len(n) > 12 else f"{n[:3]} {n[3:7]} {n[7:]}",
    "\u200b".join,
    lambda n: f"{n[:7]}\u2060{n[7:]}",
    lambda n: f"{n[:6]}-{n[6:]}" if len(n) > 12 else f"{n[:3]}-{n[3:7]}-{n[7:]}",
    lambda n: n.translate(str.maketrans("0123456789", "".join(map(chr, range(0x1D7CE, 0x1D7D8))))),
]
_PLACES = ("浙江省杭州市西湖区文三路{}号", "北京市海淀区中关村大街{}号院")


@dataclass
class Wild(Flock):
    """Canaries in every spelling, by chance; ``number`` keeps the names of records near each other apart."""

    dice: random.Random = field(default_factory=random.Random)
    number: int = 0

    def name(self) -> str:
        given = chr(_GIVEN[(self.number * _MOST + len(self.names)) % len(_GIVEN)])
        self.names.append(self.dice.choice(_SURNAMES) + 2 * given)
        return self.names[-1]

    def identity(self) -> str:
        kept = len(self.numbers)
        old = self.dice.random() < 0.2
        serial = f"{kept % 1000:03d}"
        return self._spelled(f"110101900307{serial}" if old else with_check(f"11010119900307{serial}"))

    def phone(self) -> str:
        if self.dice.random() < 0.2:
            return self._spelled(f"05718{len(self.numbers) % 10**7:07d}")
        return self._spelled(f"1399999{len(self.numbers) % 10**4:04d}")

    def text(self) -> str:
        return self.dice.choice(_PLACES).format(self.dice.randint(1, 999)) + super().text()

    def _spelled(self, digits: str) -> str:
        self.numbers.append(digits)
        return self.dice.choice(_SPELLINGS)(digits)


class Bird(NamedTuple):
    """One record: its file, the bytes, the names in it; ``refused`` if it cannot be read."""

    file: str
    raw: bytes
    names: list[str]
    refused: bool

    @property
    def given(self) -> list[str]:
        """The character of each name that is nobody else's."""
        return [name[-1] for name in self.names]


FAULTS: dict[str, Callable[[Data, Flock], Data]] = {
    "wrong values": lambda r, b: r | {"activities": [{"date": b.names[2], "type": b.text(), "start": b.identity()}]},
    "unknown keys": lambda r, b: r | {b.names[3]: 1, b.identity(): 2, "members": [{b.phone(): b.names[4]}]},
    "wrong shapes": lambda r, b: r | {"talks": b.names[2], "branch": [b.text()], "plans": {b.text(): b.names[3]}},
    "bad references": lambda r, b: r | {"members": [{"name": b.names[2], "status": "正式", "group": b.text()}]},
    "numbers": lambda r, b: r | {"headcount": {"formal": 13999990001}, "activities": [{"date": 13999990002}]},
    "long values": lambda r, b: r | {"format": f"{b.text()}{b.names[2] * 9}"},
}


def bird(seed: int, number: int) -> Bird:
    """The record of this number: a branch's, an organization's, a ledger; whole or at fault; the file perhaps named
    after somebody."""
    dice = random.Random(f"{seed} {number}")
    flock = Wild(dice=dice, number=number)
    first = flock.name()
    stem = f"r{number:05}{f'电{flock.phone()}' if dice.random() < 0.3 else ''}"
    if dice.random() < 0.1:
        return Bird(f"{stem}.xlsx", ledger(flock, first), flock.names, refused=False)
    record = filled(flock, DROPPED | (OF_ORGANIZATION if dice.random() < 0.2 else OF_BRANCH))
    kept = {"format", "branch", "organization", "coverage", "members", "groups", "activities"}
    record = {key: value for key, value in record.items() if key in kept or dice.random() < 0.12}
    if "members" in record:
        record["members"][0]["name"] = first
        stem += first if dice.random() < 0.3 else ""
    for body in ("branch", "organization"):
        if body in record:
            record[body] |= {"id": f"b{number}", "standards": ["national", "voc"][: dice.randint(1, 2)]}
    fault = dice.choice(sorted(FAULTS)) if dice.random() < 0.15 else None
    if fault is not None:
        record, stem = FAULTS[fault](record, flock), f"r{number:05}"
    return Bird(f"{stem}.yaml", written(record).encode(), flock.names, refused=fault is not None)


# What can be read in an output.

_INVISIBLE = ("Cf", "Mn", "Me")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def readable(content: bytes) -> str:
    """Everything that can be read in an output, whatever it is wrapped in."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(name + readable(archive.read(name)) for name in archive.namelist())
    text = content.decode("utf-8", "replace")
    ways = [text]
    ways += [unquote(text)] if "%" in text else []
    ways += [html.unescape(text), re.sub(r"<[^<>]*>", "", text)] if text[:1] == "<" else []
    ways += [re.sub(r"\r?\n[ \t]", "", text)] if text.startswith("BEGIN:") else []
    ways += [_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)] if "\\u" in text else []
    ways += [inner for run in _BASE64.findall(text) if (inner := _unbased(run))]
    if b"\0" in content:
        ways += [content.decode(code, "replace") for code in ("utf-16-le", "utf-16-be")]
    return "\n".join(dict.fromkeys(ways))


def _unbased(run: str) -> str:
    with contextlib.suppress(ValueError):
        return base64.b64decode(run + "=" * (-len(run) % 4)).decode("utf-8")
    return ""


def numbers_in(content: bytes) -> list[str]:
    """The numbers of canaries in an output, however written."""
    text = _normal(readable(content))
    if not text.isascii():
        odd = {char for char in set(text) if not char.isascii()}
        gone = {ord(char): None for char in odd if unicodedata.category(char) in _INVISIBLE}
        text = text.translate(gone | {ord(char): str(unicodedata.decimal(char)) for char in odd if char.isdecimal()})
    return NUMBER.findall(text)


def _normal(text: str) -> str:
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def names_in(content: bytes) -> set[str]:
    """The given names of canaries in an output, each as its one character."""
    return set(NAME.findall(readable(content)))


def wrapped(text: str) -> Iterator[bytes]:
    """A text as outputs may wrap it."""
    quoted = "".join(f"&#x{ord(char):x};" for char in text)
    yield from (text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
    yield base64.b64encode(text.encode())
    yield json.dumps({"a": text}).encode()
    yield quote(f"file:///{text}").encode()
    yield f"<p>{quoted}</p>".encode()
    yield f"<w><t>{text[:5]}</t><t>{text[5:]}</t></w>".encode()
    yield f"BEGIN:VCALENDAR\r\nSUMMARY:{text[:4]}\r\n {text[4:]}\r\n".encode()
    yield f"│ {text[:4]}\n        {text[4:]}".encode()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", f"<p>{text}</p>")
    yield held.getvalue()


# What is said and kept.


def told(*arguments: str | Path) -> tuple[int, dict[str, bytes]]:
    """One command line in this process: its status and what it says."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        status = run_cli([str(argument) for argument in arguments])
    finally:
        sys.stdout, sys.stderr = before
    found = {}
    for name, stream in (("stdout", out), ("stderr", err)):
        stream.flush()
        found[name] = stream.buffer.getvalue()
    return int(status), found


def kept(folder: Path) -> Iterator[tuple[str, bytes]]:
    """What lies in a folder of ours: files as they are; of a store, whose values are compressed, what was put there
    and all else in it."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        if file.name.endswith(("-wal", "-shm")):
            continue
        if file.suffix != ".sqlite3" and not file.name.endswith("-run"):
            yield file.name, file.read_bytes()
            continue
        with contextlib.closing(sqlite3.connect(file)) as store:
            yield f"{file.name} tables", repr(store.execute("SELECT name, sql FROM sqlite_schema").fetchall()).encode()
            for key, value in store.execute("SELECT key, value FROM entries"):
                yield f"{file.name} key", bytes(key).hex().encode()
                yield f"{file.name} value", zlib.decompress(value)


SMALL = ("--rules", str(PACKS), "--standard", "probe", "--standard", "bare")


def commands(
    records: Path, out: Path, one: Path, standards: tuple[str, ...], *, masked: bool
) -> Iterator[tuple[str, list[str | Path]]]:
    """Command lines that show something of records, by what they are called. `due`, `validate` and `baseline` cannot
    hide names."""

    def files(name: str, kinds: Iterable[str]) -> list[str]:
        return [f"--output={kind}:{out}/{name}.{kind}" for kind in kinds]

    mask, span = (["--mask", "names"] if masked else []), ["--as-of", "2024-12-31"]
    audit: list[str | Path] = ["audit", records, *standards, *mask, *span, "--period", "2024"]
    yield "audit", [*audit, "--verbose", *files("audit", FORMATS)]
    yield "streamed", [*audit, "--format", "rows", *files("lines", ["jsonl"])]
    yield "kept", [*audit, "--format", "rows", *files("again", ["jsonl"])]
    for rule in ("VOC-4.1.1-2", "NAT-ZB-16-1"):
        for form in ("terminal", "json"):
            yield f"explain {form}", ["explain", rule, "--record", one, "--format", form, *mask, *span]
    reports = ("terminal", "json", "markdown", "xlsx")
    yield "diff", ["diff", f"{out}/audit.json", f"{out}/lines.jsonl", *files("diff", reports)]
    yield "summary", ["summary", f"{out}/audit.json", "--rank", *files("summary", reports)]
    if not masked:
        yield "due", ["due", records, *standards, *span, "--verbose", *files("due", DUE_FORMATS)]
        yield "validate", ["validate", records]
        yield "baseline", ["baseline", "create", records, *standards, "--output", f"{out}/baseline.jsonl", *span]


class Flight(NamedTuple):
    """Birds let loose together: how many outputs were searched, which command lines ended in which status, and what
    got out where."""

    searched: int
    statuses: dict[str, int]
    escaped: list[str]


def fly(birds: list[Bird], folder: Path, *, masked: bool, jobs: int = 1, standards: tuple[str, ...] = SMALL) -> Flight:
    """Let every command see the records, and search what it says, writes and keeps; by small ``standards``, or by
    those the records name if there are none. ``folder`` holds the cache that the environment names."""
    records, out = folder / "records", folder / "out"
    for below in (records, out):
        below.mkdir()
    for one in birds:
        (records / one.file).write_bytes(one.raw)
    searched, statuses, found, known = 0, {}, [], set()
    sound = next(records / one.file for one in birds if not one.refused)
    for name, line in commands(records, out, sound, standards, masked=masked):
        status, said = told(*line, *(["--jobs", str(jobs)] if line[0] == "audit" else []))
        statuses[name] = status
        fresh = [file for file in out.iterdir() if file.name not in known]
        known |= {file.name for file in fresh}
        outputs = {f"{name} {stream}": content for stream, content in said.items()}
        outputs |= {f"{name} {file.name}": file.read_bytes() for file in fresh}
        searched += len(outputs)
        found += [f"{where}: {what}" for where, raw in outputs.items() for what in escaped(raw, masked=masked)]
    for where, raw in kept(folder / "cache"):
        searched += 1
        found += [f"{where}: {what}" for what in escaped(raw, masked=masked)]
    lines = (out / "lines.jsonl").read_text(encoding="utf-8").splitlines()
    return Flight(searched, statuses, [*found, *strangers(birds, lines)])


def escaped(content: bytes, *, masked: bool) -> list[str]:
    """What got out in one output."""
    return [*map(ascii, numbers_in(content)), *(map(ascii, names_in(content)) if masked else ())]


def strangers(birds: list[Bird], lines: list[str]) -> list[str]:
    """Names in the line of one record that stand in another's."""
    own = {one.file[:6]: set(one.given) for one in birds}
    found = []
    for line in lines:
        record = re.search(r"\br\d{5}", line)
        if record is not None and '"assessment"' in line[:40]:
            found += [f"{record[0]} {name!a}" for name in names_in(line.encode()) - own[record[0]]]
    return found
