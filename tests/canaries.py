"""A record with a canary everywhere: unique names where people stand, identity and telephone numbers in every text."""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook

from dangjian_check.model.people import PEOPLE
from dangjian_check.reference import schema

Data = dict[str, Any]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# What the checks of a record's consistency need, and what would end the branch before the audit.
FIXED: Data = {
    "format": 1,
    "branch.standards": ["national", "voc"],
    "organization.standards": ["national", "voc"],
    "branch.theme_day": [{"day": 15}],
    "coverage": [{"from": "2024-01-01", "to": "2024-12-31"}],
    "committee.posts.post": "书记",
    "committee.exists": True,
    "members.group": "g1",
    "groups.id": "g1",
    "activities.group": "g1",
    "activities.type": ["支委会", "党课"],
    "activities.status": "已召开",
    "members.status": "正式",
}
DROPPED = {
    "headcount", "branch.dissolved", "organization.dissolved", "branches.dissolved", "groups.dissolved", "members.to",
    "committee.posts.until", "assessments.award", "activities.level", "activities.joint_with",
}  # fmt: skip
OF_BRANCH = {"organization", "branches", "filings", "visits"}
OF_ORGANIZATION = {"branch"}


def with_check(body: str) -> str:
    """Seventeen digits with the check digit of GB 11643."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


@dataclass
class Flock:
    """The canaries let loose, each once."""

    names: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    def name(self) -> str:
        """A name of three characters that no text of ours has."""
        count = len(self.names)
        self.names.append("".join(chr(0x7300 + 3 * count + part) for part in range(3)))
        return self.names[-1]

    def identity(self) -> str:
        body = f"1101011990{len(self.numbers) % 12 + 1:02d}07{len(self.numbers):03d}"
        self.numbers.append(with_check(body))
        return self.numbers[-1]

    def phone(self) -> str:
        self.numbers.append(f"139{10_000_000 + len(self.numbers)}")
        return self.numbers[-1]

    def as_number(self) -> int:
        """A telephone number as spreadsheets keep it."""
        self.phone()
        return int(self.numbers[-1])

    def text(self) -> str:
        """A text with a number of either kind, and a name that is in a list of people as well."""
        known = f"，{self.names[0]}" if self.names else ""
        return f"事由事由事由{self.identity()}、{self.phone()}{known}"


_SCHEMA = json.loads(schema("record"))


def _chosen(node: Data) -> Data:
    """The richest form a value may take: a list before a mapping before a text before a number."""
    if "$ref" in node:
        return _chosen(_SCHEMA["definitions"][node["$ref"].rpartition("/")[2]])
    options = [_chosen(option) for part in ("anyOf", "oneOf") for option in node.get(part, ())]
    if options and "properties" not in node:
        order = ("array", "object", "string", "number", "integer", "boolean", "null")
        return min(options, key=lambda option: order.index(_kind(option)))
    return node


def _kind(node: Data) -> str:
    kind = node.get("type", "string")
    return kind[0] if isinstance(kind, list) else kind


def fields(node: Data = _SCHEMA, path: str = "") -> dict[str, Data]:
    """Every place of a record that takes free text, by its dotted path."""
    found = _chosen(node)
    if _kind(found) == "array":
        return fields(found["items"], path)
    if _kind(found) == "object" and "properties" in found:
        inner = found["properties"].items()
        below = {key: fields(value, path if _person(path, key) else f"{path}.{key}".strip(".")) for key, value in inner}
        return {name: leaf for part in below.values() for name, leaf in part.items()}
    free = _kind(found) == "string" and "enum" not in found and "pattern" not in found and "const" not in found
    return {path: found} if free else {}


def _person(path: str, key: str) -> bool:
    return path in PEOPLE and key == "name"


def filled(flock: Flock, without: set[str], node: Data = _SCHEMA, path: str = "") -> Any:
    """A record with every field of the format written."""
    if path in FIXED:
        return FIXED[path]
    found = _chosen(node)
    kind = _kind(found)
    if kind == "array":
        count = 2 if path in ("talks.between", "members", "activities.statements") else 1
        return [filled(flock, without, found["items"], path) for _ in range(count)]
    if kind == "object" and "properties" in found:
        inner = {key: value for key, value in found["properties"].items() if f"{path}.{key}".strip(".") not in without}
        below = {key: path if _person(path, key) else f"{path}.{key}".strip(".") for key in inner}
        return {key: filled(flock, without, value, below[key]) for key, value in inner.items()}
    if kind == "object":
        return {flock.text(): filled(flock, without, found["additionalProperties"], f"{path}.*")}
    return _scalar(flock, found, path)


def _scalar(flock: Flock, found: Data, path: str) -> Any:
    kind, pattern = _kind(found), found.get("pattern", "")
    if "enum" in found or "const" in found:
        return found["enum"][0] if "enum" in found else found["const"]
    if kind in ("integer", "number"):
        return 2
    if kind == "boolean":
        return True
    if pattern:
        return "2024-03-05" if pattern.endswith("[0-9]{2}$") else "14:00" if ":" in pattern else "2024"
    return flock.name() if path in PEOPLE else flock.text()


def branch_record() -> tuple[Data, Flock]:
    """A branch with a canary in every field."""
    return _let_loose(OF_BRANCH)


def organization_record() -> tuple[Data, Flock]:
    """A superior organization with a canary in every field."""
    return _let_loose(OF_ORGANIZATION)


def _let_loose(without: set[str]) -> tuple[Data, Flock]:
    flock = Flock()
    first = flock.name()
    record = filled(flock, DROPPED | without)
    record["members"][0]["name"] = first
    # The same meeting again and again, so that there is something doubtful to tell.
    [meeting] = record["activities"]
    again = {key: value for key, value in meeting.items() if key != "id"}
    record["activities"] += [again | {"date": day, "until": day} for day in ("2024-04-05", "2024-05-05", "2024-06-05")]
    return record, flock


def written(record: Data) -> str:
    """The record as YAML (JSON is YAML)."""
    return json.dumps(record, ensure_ascii=False, indent=1)


def ledger(birds: Flock, name: str) -> bytes:
    """A ledger of the usual kind: titles, columns nobody reads, a signature, a sheet named after somebody."""
    book = Workbook()
    log = book.active
    log.title = f"{name}{birds.phone()}"
    for row in (
        [f"测试党支部2024年活动台账（记录人：{name} {birds.phone()}）"],
        ["日期", "类型", "主题", "主持人", "参加人员", "请假人员", "联系电话", "天气"],
        ["2024-01-10", "支委会", f"听{name}讲", name, f"{name}、{birds.name()}", birds.name(), birds.phone(), "晴"],
        ["2024-02-10", "党课", birds.identity(), birds.name(), name, "", birds.as_number(), "阴"],
        ["", "", f"{name}补签"],
        ["制表人", name, birds.identity()],
    ):
        log.append(row)
    roll = book.create_sheet("党员名册")
    roll.append(["姓名", "身份证号", "入党日期", "转正日期", "联系方式"])
    roll.append([birds.name(), birds.identity(), "2010-07-01", "2011-07-01", birds.phone()])
    roll.append([name, birds.identity(), "2010-07-01", "2011-07-01", birds.phone()])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def readable(content: bytes) -> str:
    """Everything that can be read in an output: text, or the text of each part of a zip, normalised as well."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(name + readable(archive.read(name)) for name in archive.namelist())
    text = content.decode("utf-8", "replace")
    return text + unicodedata.normalize("NFKC", text)


def escaped(canaries: list[str], content: bytes) -> list[str]:
    """Which canaries got out, were it only with their first nine digits."""
    text = readable(content)
    return [canary for canary in canaries if canary[:9] in text]
