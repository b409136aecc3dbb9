"""A folder of YAML becomes a `Standard`: manifest, rules in the order of the files, sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from dangjian_check.errors import DjCheckError, InputProblems, Problem, StandardProblems, UsageProblem
from dangjian_check.loading.compiled import Kept
from dangjian_check.loading.files import (
    CALENDARS,
    MANIFEST,
    WEIGHTS,
    YAML,
    read_bytes,
    shown_path,
    standard_folders,
    walk,
)
from dangjian_check.loading.tree import Mapping, Sequence, Tree
from dangjian_check.loading.wording import at, validated
from dangjian_check.model.fields import shown
from dangjian_check.model.vocabulary import nearest
from dangjian_check.rulebook.ledger import Ledger
from dangjian_check.rulebook.sheet import Sheet, Weights
from dangjian_check.rulebook.standard import Chapter, Manifest, RuleFile, Standard, default_sheet

SHEET = "sheet.yaml"
LEDGER = "ledger.yaml"
ADJUST = "adjust.yaml"
_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def rules_root() -> Path:
    """Where the built-in standards are: inside an installed package, else beside ``src/`` of a checkout."""
    for place in (_PACKAGE / "_rules", _PACKAGE.parents[1] / "rules"):
        if place.is_dir() and any(place.rglob(MANIFEST)):
            return place
    raise StandardProblems([Problem("rules", 0, 0, "找不到随程序附带的标准", "重新安装 dj-check")])


def find_standards(extra: Iterable[Path] = ()) -> dict[str, Path]:
    """Standard id -> folder, the built-in ones first; ``extra`` are a customer's folders.

    Raises `StandardProblems` if an extra folder holds no standard or an id is taken twice.
    """
    found = {folder.name: folder for folder in standard_folders([rules_root()])}
    wrong: list[Problem] = []
    for place in extra:
        packs = standard_folders([place])
        if not packs:
            wrong.append(Problem(place.as_posix(), 0, 0, f"没有找到标准（{MANIFEST}）", "给出标准所在的文件夹"))
        for folder in packs:
            name = _manifest_id(folder)
            if name in found:
                wrong.append(Problem((folder / MANIFEST).as_posix(), 1, 1, f"标准编号 {name} 已被占用", "换一个 id"))
            found[name] = folder
    if wrong:
        raise StandardProblems(wrong)
    return found


def _manifest_id(folder: Path) -> str:
    return _read_model(_Pack(folder), MANIFEST, Manifest).id


def load_standards(ids: Iterable[str], extra: Iterable[Path] = (), *, tests: bool = True) -> list[Standard]:
    """The standards of these ids, each once, in the order asked for. All problems of all files at once. Who only
    judges records may do without the ``tests`` of rules; they may be there all the same."""
    known = find_standards(extra)
    loaded: list[Standard] = []
    wrong: list[Problem] = []
    for name in dict.fromkeys(ids):
        folder = folder_of(name, known)
        try:
            loaded.append(load_standard(folder, known, tests=tests))
        except DjCheckError as error:
            wrong.extend(error.problems)
    if wrong:
        raise StandardProblems(wrong)
    return loaded


def folder_of(name: str, known: dict[str, Path]) -> Path:
    """The folder of the standard ``name``. Raises `UsageProblem` with the nearest one if there is none."""
    if name not in known:
        near = nearest(name, list(known))
        hint = f"最接近的是 {near[0]}" if near else f"可用：{'、'.join(known)}"
        raise UsageProblem(f"没有标准 {shown(name)}", f"{hint}；自己的标准用 --rules 指明文件夹")
    return known[name]


@dataclass(frozen=True)
class _Pack:
    """The files of one standard as bytes, each read once, so that what is hashed is what is parsed."""

    folder: Path
    _read: dict[str, bytes] = field(default_factory=dict, compare=False)

    @cached_property
    def _names(self) -> list[str]:
        found = []
        for here, folders, files in walk(self.folder):
            below = Path(here).relative_to(self.folder)
            if files is None:  # whoever reads it hears why
                found.append(below.as_posix())
                continue
            found += [(below / name).as_posix() for name in (*folders, *files) if Path(name).suffix in YAML]
        return sorted(name for name in found if name.partition("/")[0] != CALENDARS)

    def names(self) -> list[str]:
        return self._names

    def shown(self, name: str) -> str:
        path = self.folder / name
        if path.is_relative_to(rules_root()):
            return f"rules/{path.relative_to(rules_root()).as_posix()}"
        return shown_path(path)

    def raw(self, name: str) -> bytes:
        if name not in self._read:
            self._read[name] = read_bytes(self.folder / name, self.shown(name))
        return self._read[name]


def load_standard(folder: Path, known: dict[str, Path] | None = None, *, tests: bool = True) -> Standard:
    """One standard; ``known`` are those it may rest on. What was compiled from the very same files before is not
    compiled again. Raises `InputProblems` (`StandardProblems`) with every problem of every file."""
    pack = _Pack(folder)
    kept = Kept(folder, pack.shown(MANIFEST), _files(pack))
    before = kept.read(tests=tests)
    if before is not None and before.manifest.based_on is None:
        return before
    manifest = before.manifest if before else _manifest(pack)
    base = _base(pack, manifest, known or find_standards())
    if before is not None and before.digest == _digest(pack, base):
        return before
    standard = _compiled(pack, manifest, base)
    kept.write(standard)
    return standard


def _tree(raw: bytes, shown: str) -> Tree:
    """What a file of a standard holds; the parser is imported no sooner than one is read."""
    from dangjian_check.loading.yaml_events import read_yaml

    return read_yaml(raw, shown)


def _files(pack: _Pack) -> list[tuple[str, bytes]]:
    """Everything a standard is made of; nothing if some of it cannot be read, which is told when its turn comes."""
    try:
        return [*((name, pack.raw(name)) for name in pack.names()), ("", _weights())]
    except DjCheckError:
        return []


def _weights() -> bytes:
    return read_bytes(rules_root() / WEIGHTS, WEIGHTS)


def _digest(pack: _Pack, base: Standard | None) -> str:
    """What a report says of which text of the standard it went by."""
    digest = hashlib.sha256(base.digest.encode() if base else b"")
    for name in pack.names():
        raw = pack.raw(name)
        digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
    digest.update(_weights())
    return digest.hexdigest()[:16]


def _manifest(pack: _Pack) -> Manifest:
    """The manifest. If it cannot be used, what is wrong with the rules is told as well."""
    try:
        return _read_model(pack, MANIFEST, Manifest)
    except InputProblems as error:
        found, stand_in = error.problems, Manifest(id="x", title="x", issuer="x", document="x")
    raise StandardProblems([*found, *_chapters(pack, stand_in, {})[1]])


def _chapters(
    pack: _Pack, manifest: Manifest, places: dict[str, tuple[str, int]]
) -> tuple[list[Chapter], list[Problem]]:
    """The rules file by file, those of the files that can be used; and what is wrong with the others."""
    found: list[Chapter] = []
    wrong: list[Problem] = []
    for name in pack.names():
        if name in (MANIFEST, SHEET, LEDGER, ADJUST):
            continue
        try:
            found.append(_chapter(_tree(pack.raw(name), pack.shown(name)), manifest, places))
        except DjCheckError as error:
            wrong.extend(error.problems)
    return found, wrong


def _compiled(pack: _Pack, manifest: Manifest, base: Standard | None) -> Standard:
    """The standard out of its YAML."""
    places: dict[str, tuple[str, int]] = dict(base.places) if base else {}
    rested, loosened = _rested_on(pack, base, places, manifest.document)
    own, wrong = _chapters(pack, manifest, places)
    chapters = [*rested, *own]
    if not wrong and not any(chapter.rules for chapter in chapters):
        wrong.append(Problem(pack.shown(MANIFEST), 1, 1, "标准里没有一条规则", "在同一文件夹里加规则文件"))
    if wrong:
        raise StandardProblems(wrong)
    weights = validated(_tree(_weights(), WEIGHTS), Weights)
    own_sheet = SHEET in pack.names()
    sheet = base.sheet if base and not own_sheet else _sheet(pack, tuple(chapters), weights)
    superior = default_sheet(tuple(chapters), weights, superior=True)
    ledger = _read_model(pack, LEDGER, Ledger) if LEDGER in pack.names() else None
    digest = _digest(pack, base)
    return Standard(manifest, tuple(chapters), sheet, superior, digest, ledger, loosened, places)


def _base(pack: _Pack, manifest: Manifest, known: dict[str, Path]) -> Standard | None:
    """The standard this one rests on. Standards rest on built-in ones only, so that there is no circle."""
    if manifest.based_on is None:
        return None
    builtin = find_standards()
    folder = builtin.get(manifest.based_on)
    if folder is None or folder == pack.folder:
        hint = f"可用：{'、'.join(builtin)}"
        raise StandardProblems([Problem(pack.shown(MANIFEST), 1, 1, f"没有可依据的标准 {manifest.based_on}", hint)])
    return load_standard(folder, known)


Rested = tuple[tuple[Chapter, ...], tuple[tuple[str, str], ...]]


def _rested_on(pack: _Pack, base: Standard | None, places: dict[str, tuple[str, int]], document: str) -> Rested:
    """The chapters of the base with this standard's adjustments made; changed rules are placed where they changed."""
    if ADJUST not in pack.names():
        return base.chapters if base else (), ()
    from dangjian_check.rulebook.overlay import Overlay, adjusted

    tree = _tree(pack.raw(ADJUST), pack.shown(ADJUST))
    overlay = validated(tree, Overlay)
    if base is None:
        remedy = "在 standard.yaml 里写 based_on，或删去 adjust.yaml"
        raise StandardProblems([at(tree, ("adjust",), "有调整，却没有写依据哪个标准", remedy)])
    done = adjusted(base.chapters, overlay.adjust, document)
    if done.refusals:
        raise StandardProblems([at(tree, ("adjust", r.index), r.message, r.remedy) for r in done.refusals])
    for index, change in enumerate(overlay.adjust):
        places[change.rule] = (tree.file, tree.place(("adjust", index))[0])
    return done.chapters, done.loosened


M = TypeVar("M", bound=BaseModel)


def _read_model(pack: _Pack, name: str, model: type[M]) -> M:
    return validated(_tree(pack.raw(name), pack.shown(name)), model)


def _chapter(tree: Tree, manifest: Manifest, places: dict[str, tuple[str, int]]) -> Chapter:
    _share_source(tree.data, manifest)
    parsed = validated(tree, RuleFile)
    wrong = []
    for index, rule in enumerate(parsed.rules):
        place = tree.place(("rules", index))
        if rule.id in places:
            file, line = places[rule.id]
            wrong.append(at(tree, ("rules", index, "id"), f"规则编号 {rule.id} 已用在 {file}:{line}", "换一个编号"))
        places[rule.id] = (tree.file, place[0])
    if wrong:
        raise StandardProblems(wrong)
    title = parsed.title or (parsed.rules[0].citation.article if parsed.rules else tree.file)
    return Chapter(title, tuple(parsed.rules))


def _share_source(data: Any, manifest: Manifest) -> None:
    """Fill each rule's sources with what the file and the manifest say for all of them."""
    if not isinstance(data, Mapping) or not isinstance(data.get("rules"), Sequence):
        return
    own = data.get("source")
    shared = {
        "document": manifest.document,
        "from": manifest.start,
        "to": manifest.end,
        "number": manifest.number,
    }
    shared = {key: value for key, value in shared.items() if value is not None}
    shared.update(own if isinstance(own, dict) else {})
    for rule in data["rules"]:
        if not isinstance(rule, Mapping):
            continue
        sources = rule.setdefault("source", dict(shared))
        for source in sources if isinstance(sources, list) else [sources]:
            if isinstance(source, dict):
                for key, value in shared.items():
                    source.setdefault(key, value)


def _sheet(pack: _Pack, chapters: tuple[Chapter, ...], weights: Weights) -> Sheet:
    if SHEET not in pack.names():
        return default_sheet(chapters, weights)
    tree = _tree(pack.raw(SHEET), pack.shown(SHEET))
    sheet = validated(tree, Sheet)
    known = {rule.id for chapter in chapters for rule in chapter.rules}
    wrong = []
    named = [("indicators", f"指标 {leaf.id} ", name) for leaf in sheet.leaves() for name in leaf.all_rules()]
    named += [("veto", "否决", name) for veto in sheet.veto for name in veto.rules]
    for key, where, name in dict.fromkeys(named):
        if name not in known:
            near = nearest(name, sorted(known))
            hint = f"最接近的是 {near[0]}" if near else "核对规则编号"
            wrong.append(at(tree, (key,), f"{where}引用了不存在的规则 {name}", hint))
    if wrong:
        raise StandardProblems(wrong)
    return sheet
