"""One input made into another that is nearly as good: bytes, words and lines changed, taken out, put in, doubled."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Sequence

# What has a meaning to some reader: of YAML, of JSON, of tables, of days, of numbers, of the record, of zip and XML.
WORDS = [
    word.encode("utf-8", "surrogatepass")
    for word in (
        "&", "*", "!", "|", ">", "'", '"', "%", "@", "#", "?", "-", ":", ",", "[", "]", "{", "}", "~", "<", "=", "/",
        "\\", ";", "\t", "\r", "\n", "\x00", "：", "，", "、", "。", "\u3000", "—", "…", "～", "&a ", "*a", "<<: *a",
        "!!python/object:os.system", "!!binary ", "!!set", "!!int ", "---\n", "...\n", "%YAML 1.2\n", ">-\n", "|2\n",
        "? ", "- - - ", "[[[[", "]]]]", "{a: {a: ", "}}", "\n\n", "\n  ", "\n    - ", ": ", " #", "\ufeff", "\u2028",
        "\x85", "\u202e", "\u200b", "\ud800", "\xa0", "😀", "null", "~", "true", "yes", "no", "是", "否", "无", "NaN",
        ".inf", "-.inf", "1e999", "1e-999", "0x1f", "0o17", "017", "1_000", "12:30:45", "-1", "0", "1",
        "99999999999999999999", "9" * 400, "1/0", "0/0", "1/3", "-0", "0.1", "1.", "½", "①", "٣", "二",
        "十", "一百零二",
        "2024-02-30", "2024-02-29", "2023-02-29", "0000-00-00", "9999-12-31", "0001-01-01", "10000-01-01",
        "2024-13-01", "2024-1-1", "2024/3/5", "2024.3.5", "2024年3月5日", "20240305", "45356", "2024Q1", "2024H2",
        "2024-03", "2024", "2024-01-01..2024-12-31", "2024-12-31..2024-01-01", "9999-12-31..0001-01-01", "24-3-5",
        "branch", "organization", "id", "name", "type", "date", "from", "to", "for", "coverage", "activities",
        "members", "committee", "attendance", "expected", "present", "absent", "status", "posts", "plans",
        "term_years", "elected", "standards", "period", "every",
        "支委会", "党课", "主题党日", "党员大会", "支部", "会议", "日期", "类型",
        "应到", "实到", "姓名", "甲、乙", "甲,乙", "（缺）", "√", "×",
        "check", "kind", "frequency", "select", "per", "min", "max",
        "month", "quarter", "year", "applies_when", "for_each", "all_of", "any_of", "not", "where", "within",
        "share", "interval", "rules", "tests", "extends", "effect", "excuse", "accept", "expires", "covers",
        "waivers", "schema", "version", "fingerprint", "window", "outcome", "pass", "fail", "unknown", "manual",
        "error", "=1+1", "@x", "+1", "<c", "</c>", '<row r="1048576">', 'r="XFD1048576"', 't="s"', "<v>", "_x000D_",
        "&#0;", "<!ENTITY a 'b'>", "PK\x03\x04", "]]>", "\\u0000", "\\ud800", "\\ud83d\\ude00", "11010519491231002X",
        "13800138000", "../../../etc/passwd", "-",
    )
]  # fmt: skip
_TOKEN = re.compile(rb"[A-Za-z_][\w.-]*|[0-9][0-9./:-]*|(?:[\xe3-\xe9][\x80-\xbf]{2})+|[^\w\s]")
_VALUE = re.compile(rb"[A-Za-z_][\w.-]*|[0-9][0-9./-]*|(?:[\xe3-\xe9][\x80-\xbf]{2})+")
_NUMBERS = [word for word in WORDS if word[:1].isdigit()]
_MOST = 200_000  # bytes of one input


def mutated(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """One to a dozen changes; ``others`` lend parts of themselves."""
    content = raw
    changes = _KIND if chance.random() < 0.4 else _CHANGES
    for _ in range(chance.choice((1, 1, 1, 1, 1, 2, 2, 3, 8))):
        content = chance.choice(changes)(content or b"x", chance, others)
    content = content[:_MOST]
    if chance.random() < 0.9 and _is_text(raw):
        return content.decode("utf-8", "ignore").encode()
    return content


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def mutated_archive(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """The archive's own bytes, or one or two of its parts within an archive that is whole."""
    if chance.random() < 0.3:
        return mutated(raw, chance, others)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inner = [name for name in parts if name.startswith("xl/")]
    for name in chance.sample(inner, chance.choice((1, 1, 2))):
        kind = chance.random()
        if kind < 0.1:
            del parts[name]
        elif kind < 0.2:
            parts[name] = parts.get(chance.choice(inner), b"")
        else:
            parts[name] = mutated(parts[name], chance, list(parts.values()))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _token(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A word, number or sign becomes another that has a meaning: what comes is often well formed."""
    start = chance.randrange(len(raw))
    found = _TOKEN.search(raw, start) or _TOKEN.search(raw)
    if found is None:
        return raw + chance.choice(WORDS)
    return raw[: found.start()] + chance.choice(WORDS) + raw[found.end() :]


def _alike(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A number becomes another number, a day another day, a word another word: what comes is mostly well formed."""
    found = _VALUE.search(raw, chance.randrange(len(raw))) or _VALUE.search(raw)
    if found is None:
        return raw
    alike = [word for word in (*_VALUE.findall(chance.choice(others)), *_NUMBERS) if _kind(word) == _kind(found[0])]
    return raw[: found.start()] + chance.choice(alike or WORDS) + raw[found.end() :]


def _kind(word: bytes) -> object:
    return word.count(b"-") if word[:1].isdigit() else word[:1].isascii()


def _moved(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A word of another place here."""
    found = _TOKEN.findall(raw)
    return _put(raw, chance, chance.choice(found)) if found else raw


def _inserted(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    return _put(raw, chance, chance.choice(WORDS))


def _put(raw: bytes, chance: random.Random, word: bytes) -> bytes:
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + word + raw[place:]


def _byte(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    content = bytearray(raw)
    place = chance.randrange(len(content))
    flipped = content[place] ^ (1 << chance.randrange(8))
    content[place] = chance.choice((chance.randrange(256), flipped, 0x20, 0x0A, 0x00, 0xFF))
    return bytes(content)


def _out(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    place = chance.randrange(len(raw))
    return raw[:place] + raw[place + chance.randrange(1, 40) :]


def _cut(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def _line(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A line taken out, doubled, exchanged with another, or moved in or out."""
    lines = raw.split(b"\n")
    place, other, kind = chance.randrange(len(lines)), chance.randrange(len(lines)), chance.randrange(5)
    if kind == 0:
        del lines[place]
    elif kind == 1:
        lines.insert(other, lines[place])
    elif kind == 2:
        lines[place], lines[other] = lines[other], lines[place]
    elif kind == 3:
        lines[place] = b" " * chance.choice((1, 2, 4)) + lines[place]
    else:
        lines[place] = lines[place].removeprefix(b"  ")
    return b"\n".join(lines)


def _spliced(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A piece of another input in the place of one of our own."""
    other = chance.choice(others) or b"x"
    start = chance.randrange(len(other))
    piece = other[start : start + chance.choice((8, 40, 200))]
    place = chance.randrange(len(raw))
    return raw[:place] + piece + raw[place + chance.choice((0, len(piece))) :]


def _repeated(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A piece many times over."""
    place = chance.randrange(len(raw))
    piece = raw[place : place + chance.choice((1, 2, 8, 60))]
    return raw[:place] + piece * chance.choice((2, 3, 20, 300)) + raw[place:]


_CHANGES = (
    _token, _token, _token, _token, _token, _inserted, _moved, _byte, _out, _cut, _line, _line, _line, _spliced,
    _repeated,
)  # fmt: skip
_KIND = (_alike, _alike, _alike, _alike, _line, _token)
