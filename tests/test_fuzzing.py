"""Twenty thousand inputs nobody would write, and all that ever did harm: each is answered, soon and in little room.

``python tests/deep/fuzz.py`` tries as many as one likes; what it finds is kept in ``fuzzing/finds``, its name beginning
with the way in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dangjian_check.errors import InputProblems
from fuzzing.trial import ROOM, finds, limited, tried
from fuzzing.ways_in import WAYS, Way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
CASES, SEED, BLOCK = 20_000, 1, 1000
KEPT = sorted((Path(__file__).parent / "fuzzing" / "finds").glob("*~*"))
BLOCKS = [
    (name, first, min(BLOCK, count - first))
    for name, count in ((name, CASES * way.share // 100) for name, way in WAYS.items())
    for first in range(0, count, BLOCK)
]


def test_so_many_are_tried():
    """No way in is forgotten."""
    assert CASES == sum(count for _, _, count in BLOCKS)


@pytest.mark.parametrize("name", WAYS)
def test_what_is_mutated_is_sound(name: str, tmp_path: Path):
    """Else nothing would be tried but the first word of a refusal."""
    way = WAYS[name]
    assert [("", True)] * len(way.seeds()) == [tried(way, file, raw, tmp_path) for file, raw in way.seeds()]


@pytest.mark.parametrize(("name", "first", "count"), BLOCKS)
def test_mutated_input_is_read_or_refused(name: str, first: int, count: int, tmp_path: Path):
    """Nothing but `DjCheckError` comes out, no check breaks, each within a second and 300 MB."""
    found, read = finds(name, SEED, count, tmp_path, first)
    assert [] == [str(find) for find in found]
    assert 0 < read < count


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_what_once_did_harm_does_none(path: Path, tmp_path: Path):
    """Kept for ever."""
    way, _, file = path.name.split("~")
    with limited():
        harm, _ = tried(WAYS[way], file, path.read_bytes(), tmp_path)
    assert "" == harm


def _raise(error: BaseException) -> None:
    raise error


def _for_ever() -> None:
    while True:
        pass


HARM: dict[str, Callable[[], object]] = {
    "KeyError": lambda: _raise(KeyError("甲")),
    "RecursionError": lambda: _raise(RecursionError()),
    "MemoryError": lambda: bytearray(8 * ROOM),
    "over 1 s": _for_ever,
    "refused without a word": lambda: _raise(InputProblems([])),
}


@pytest.mark.parametrize("harm", HARM)
def test_harm_is_noticed(harm: str, tmp_path: Path):
    """A way in that does not bear its input is told."""
    with limited():
        found, read = tried(Way(0, list, lambda _: bool(HARM[harm]())), "a.yaml", b"", tmp_path)
    assert found.startswith(harm)
    assert not read
