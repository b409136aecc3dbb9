"""Compiled standards: the same as from YAML, found by content, recomputed when damaged, never in anyone's way."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from dangjian_check.loading import compiled, standards
from dangjian_check.loading.compiled import Kept, own_folder
from dangjian_check.loading.standards import find_standards, load_standard, rules_root
from dangjian_check.model.fields import Strict
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.standard import Standard
from program import PACKS, ROOT, SOUND, dj
from test_overlay import MONTHLY, pack, refused

OWN = ROOT / "examples" / "own-standard"
PACKS_TO_LOAD = [*find_standards().values(), OWN, *sorted(PACKS.iterdir())]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the test's own."""
    monkeypatch.setenv("DJ_CHECK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def entries(cache: Path) -> list[Path]:
    return sorted(cache.iterdir())


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def from_yaml(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Standard:
    """The standard with no cache at all."""
    with monkeypatch.context() as context:
        context.setenv("DJ_CHECK_CACHE", "")
        return load_standard(folder)


def no_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on reading YAML is an error."""
    monkeypatch.setattr(standards, "_tree", None)


def same(one: Standard, other: Standard) -> bool:
    """Equal in every part, to the last word of the text."""
    return (one, one.places, repr(one)) == (other, other.places, repr(other))


@pytest.mark.parametrize("folder", PACKS_TO_LOAD, ids=lambda folder: folder.name)
def test_compiled_standard_is_the_one_in_the_yaml(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Every built-in standard, that of the examples and those of the tests; the second time no YAML is read."""
    first = load_standard(folder)
    no_yaml(monkeypatch)
    again = load_standard(folder)
    monkeypatch.undo()
    assert (True, True) == (same(first, from_yaml(folder, monkeypatch)), same(first, again))
    written = [[rule.model_dump_json(by_alias=True) for rule in standard.rules] for standard in (first, again)]
    assert written[0] == written[1]


def test_compiled_rule_knows_what_was_written():
    """Which keys were given and which are defaults, also inside."""
    load_standard(OWN)
    again = load_standard(OWN)
    os.environ["DJ_CHECK_CACHE"] = ""
    for rule, plain in zip(again.rules, load_standard(OWN).rules, strict=True):
        assert plain.model_fields_set == rule.model_fields_set
        assert plain.check.model_fields_set == rule.check.model_fields_set
        assert list(plain.check.__dict__) == list(rule.check.__dict__)


def test_edited_rule_is_used_at_once(tmp_path: Path):
    """Found by content: new text of the same length counts, and the time of the file does not."""
    own = tmp_path / "own"
    shutil.copytree(OWN, own)
    before, file = load_standard(own), own / "04-meetings.yaml"
    times = file.stat()
    text = file.read_text(encoding="utf-8")
    title = before.rules[0].title
    assert title in text
    file.write_text(text.replace(title, "改" * len(title)), encoding="utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    after = load_standard(own)
    assert ("改" * len(title), False) == (after.rules[0].title, before.digest == after.digest)
    file.write_text(text, encoding="utf-8")
    assert same(before, load_standard(own))


def test_edited_standard_takes_the_place_of_the_old_one(tmp_path: Path, cache: Path):
    """The cache does not grow with every edit."""
    own = tmp_path / "own"
    shutil.copytree(OWN, own)
    for number in range(3):
        append(own / "sheet.yaml", f"# {number}\n")
        load_standard(own)
    assert 1 == len(entries(cache))


def test_standard_that_rests_on_another_is_kept_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With its adjustments, and compiled again when the other one changes."""
    rules = tmp_path / "rules"
    shutil.copytree(rules_root(), rules)
    monkeypatch.setattr(standards, "rules_root", lambda: rules)
    own = pack(tmp_path, MONTHLY)
    first = load_standard(own)
    assert same(first, load_standard(own))
    append(rules / "national" / "standard.yaml", "# 改\n")
    changed = load_standard(own)
    assert (False, True) == (first.digest == changed.digest, first.chapters == changed.chapters)
    assert same(changed, from_yaml(own, monkeypatch))


@pytest.mark.skipif(os.name != "posix", reason="elsewhere nobody can tell whether a process lives")
def test_what_a_killed_process_left_goes(cache: Path):
    """When the next standard is kept; what a living one writes stays, and so does what is not ours."""
    cache.mkdir(mode=0o700)
    dead, alive, other = (f"standard-{'0' * 24}.json.{n}.tmp" for n in (4194305, os.getppid(), "x"))
    for name in (dead, alive, other):
        (cache / name).write_text("{", encoding="utf-8")
    load_standard(OWN)
    left = {path.name for path in cache.iterdir()}
    assert ({alive, other}, False) == (left & {alive, other}, dead in left)


DAMAGE = {
    "empty": lambda raw: b"",
    "cut": lambda raw: raw[:-9],
    "longer": lambda raw: raw + b" ",
    "one-byte": lambda raw: raw.replace("党".encode(), "团".encode(), 1),
    "other-key": lambda raw: b"0" + raw[1:],
    "no-text": lambda raw: b"\xff\xfe\n\xff\n{}",
    "other-shape": lambda raw: b"\n".join([raw.split(b"\n")[0], sha256(b"[]").hexdigest().encode(), b"[]"]),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_entry_is_made_again(cache: Path, monkeypatch: pytest.MonkeyPatch, damage: str):
    """Whatever is wrong with it, the standard is read from its YAML and kept anew."""
    first = load_standard(OWN)
    [entry] = entries(cache)
    sound = entry.read_bytes()
    entry.write_bytes(DAMAGE[damage](sound))
    assert (True, sound) == (same(first, load_standard(OWN)), entry.read_bytes())
    no_yaml(monkeypatch)
    assert same(first, load_standard(OWN))


def test_who_judges_records_gets_rules_without_their_tests():
    """Once compiled; all else is the same."""
    whole = load_standard(OWN)
    bare = load_standard(OWN, tests=False)
    assert [rule.model_copy(update={"tests": []}) for rule in whole.rules] == [*bare.rules]
    assert any(rule.tests for rule in whole.rules)
    assert (whole.sheet, whole.places, whole.digest) == (bare.sheet, bare.places, bare.digest)


def test_entry_of_another_program_is_not_used(cache: Path, monkeypatch: pytest.MonkeyPatch):
    """Neither of another version nor of other modules."""
    load_standard(OWN)
    [entry] = entries(cache)
    old = entry.read_bytes()
    monkeypatch.setattr(compiled, "__version__", "0.0.1")
    load_standard(OWN)
    other = entry.read_bytes()
    monkeypatch.setattr(compiled, "_program", lambda: "changed")
    load_standard(OWN)
    assert 3 == len({old, other, entry.read_bytes()})


def test_broken_standard_is_told_from_its_text_each_time(tmp_path: Path, cache: Path):
    """Nothing is kept of a standard that cannot be used."""
    own = tmp_path / "own"
    shutil.copytree(OWN, own)
    load_standard(own)
    append(own / "04-meetings.yaml", "rules: 1\n")
    first = refused(own)
    assert (True, first, 1) == (bool(first), refused(own), len(entries(cache)))


def test_what_does_not_come_back_equal_is_not_kept(cache: Path, monkeypatch: pytest.MonkeyPatch):
    """Such a standard is read from its YAML each time."""
    monkeypatch.setitem(compiled._VALUES, "Outcome", lambda word: Outcome.PASS)
    assert (True, []) == (bool(load_standard(OWN).rules), entries(cache))


def test_names_of_models_are_unique():
    """An entry names a model of checks/ or rulebook/ by its bare name."""
    models, found = list(Strict.__subclasses__()), set()
    while models:
        model = models.pop()
        models += model.__subclasses__()
        if model.__module__.startswith(("dangjian_check.checks.", "dangjian_check.rulebook.")):
            found.add(model)
    names = sorted(model.__name__ for model in found)
    assert sorted(set(names)) == names
    assert set() == set(names) & set(compiled._VALUES)


def test_cache_is_the_users_own(cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Made for the user alone; a folder others can write to, a file or a relative path is not used."""
    assert (str(cache), 0o700) == (own_folder(), cache.stat().st_mode & 0o777)
    cache.chmod(0o777)
    assert None is own_folder()
    load_standard(OWN)
    assert [] == entries(cache)
    (tmp_path / "file").touch()
    for unfit in (str(tmp_path / "file"), "relative", "", "/proc/no/such"):
        monkeypatch.setenv("DJ_CHECK_CACHE", unfit)
        assert None is own_folder()


def test_cache_stands_where_caches_stand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """``XDG_CACHE_HOME`` if it is a whole path, else ``~/.cache``."""
    monkeypatch.delenv("DJ_CHECK_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert str(tmp_path / "xdg" / "dj-check") == own_folder()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert str(tmp_path / "home" / ".cache" / "dj-check") == own_folder()
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert str(tmp_path / "home" / ".cache" / "dj-check") == own_folder()


def test_folder_of_someone_else_is_not_used(cache: Path, monkeypatch: pytest.MonkeyPatch):
    """What another user could have written is not read."""
    load_standard(OWN)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert None is own_folder()
    assert None is Kept(OWN, "own", [("standard.yaml", b"")]).read(tests=True)


def test_cache_that_cannot_be_written_is_no_error(cache: Path, monkeypatch: pytest.MonkeyPatch):
    """A full disk or a read-only folder costs time, not the answer; nothing half-written stays."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert (True, []) == (same(load_standard(OWN), load_standard(OWN)), entries(cache))


def test_report_is_the_same_with_and_without_a_cache(tmp_path: Path):
    """The bytes of a report do not tell where the standard came from."""
    asked = ("audit", SOUND, "-s", "national", "-f", "json", "--as-of", "2024-12-31")
    new = str(tmp_path / "new")
    outs = [dj(*asked, env={"DJ_CHECK_CACHE": where}).stdout for where in ("", new, new)]
    assert 1 == len(set(outs))
    assert 1 == len(entries(tmp_path / "new"))


@pytest.mark.timeout(20)
def test_pipe_in_the_place_of_an_entry_is_none(cache: Path):
    """Nobody waits for what it might say."""
    standard = load_standard(OWN)
    [entry] = cache.glob("standard-*.json")
    entry.unlink()
    os.mkfifo(entry)
    assert standard == load_standard(OWN)
