"""Parts kept on disk while a run goes on: what was judged before is looked up, what is judged now is put down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dangjian_check.batch.part import Part, pack, unpack

_TOGETHER = 64  # parts written in one transaction


class Shelf(Protocol):
    """What keeps bytes under keys, such as `dangjian_check.batch.store.Store`."""

    def get(self, key: bytes) -> bytes | None: ...
    def put_many(self, items: Sequence[tuple[bytes, bytes]]) -> None: ...


class Vault:
    """Parts in one or more places: the first that has one gives it, and all are given what is new. An ``empty`` place
    need not be asked."""

    def __init__(self, shelves: Sequence[Shelf], empty: Sequence[Shelf] = ()) -> None:
        self._shelves = [*shelves, *empty]
        self._asked = shelves
        self._waiting: list[tuple[bytes, bytes]] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be found."""
        return not self._asked

    def get(self, key: bytes) -> Part | None:
        for shelf in self._asked:
            raw = shelf.get(key)
            if raw is not None:
                try:
                    return unpack(raw)
                except (ValueError, TypeError, LookupError, AttributeError):  # of another make
                    continue
        return None

    def put(self, key: bytes, part: Part) -> None:
        self._waiting.append((key, pack(part)))
        if len(self._waiting) >= _TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Everything put down is really there."""
        waiting, self._waiting = self._waiting, []
        for shelf in self._shelves if waiting else ():
            shelf.put_many(waiting)
