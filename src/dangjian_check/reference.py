"""What the models say of themselves: JSON Schema for editors (draft 7, as editors' YAML servers read it)."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from dangjian_check.model.record import Record
from dangjian_check.rulebook.sheet import Sheet
from dangjian_check.rulebook.standard import Manifest, RuleFile
from dangjian_check.rulebook.waiver import WaiverFile

DRAFT = "http://json-schema.org/draft-07/schema#"


SCHEMAS: dict[str, tuple[type[BaseModel], str]] = {
    "record": (Record, "党支部工作记录"),
    "rules": (RuleFile, "规则文件"),
    "waivers": (WaiverFile, "豁免"),
    "sheet": (Sheet, "评分表"),
    "standard": (Manifest, "标准的说明"),
}


def schema(name: str) -> str:
    """The JSON Schema called ``name``, one of `SCHEMAS`."""
    model, title = SCHEMAS[name]
    found = model.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    document = {"$schema": DRAFT, **_draft7(found), "title": title}
    if name == "rules":
        _relax_sources(document)
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _draft7(node: Any) -> Any:
    if isinstance(node, list):
        return [_draft7(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {("definitions" if k == "$defs" else k): _draft7(value) for k, value in node.items() if _is_kept(k, value)}


def _is_kept(key: str, value: Any) -> bool:
    """Whether a keyword is for editors: not for the library alone, and not the code's own English."""
    if key in ("title", "description") and isinstance(value, str):
        return not value.isascii()
    return key != "discriminator" or not isinstance(value, dict) or "propertyName" not in value


def _relax_sources(document: dict[str, Any]) -> None:
    """In a file, a rule's source may be left out: the file or the manifest fills it in."""
    definitions = document["definitions"]
    definitions["Source"].pop("required", None)
    definitions["Rule"]["required"].remove("source")
