"""Bytes flipped in whatever is kept: cache, state and compiled standards. The answer must be the one without them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from faults import Fault
from faulty_runs import Call, Scene
from program import Done

_NOTICES = ("已经重建", "已经删去重算", "缓存用不了")


class Kept:
    """What a run left, file by file; and the answer it gave."""

    def __init__(self, folder: Path, call: Call, *, state: bool) -> None:
        self._scene, self._call, self._state = Scene("jsonl", folder, kept=True, streamed=True), call, state
        self._scene.lay()
        self.sound, _ = self._scene.run(call, self._scene.out.parent)
        self.new = self._scene.out.read_bytes()
        if state:
            self._scene.lay()
            self._scene.run(call, self._scene.out.parent, Fault("replace", 1))
        self._files = {path: path.read_bytes() for path in self._mine()}
        assert self._files

    def _mine(self) -> Iterator[Path]:
        folder = self._scene.out.parent if self._state else self._scene.cache
        yield from (path for path in sorted(folder.iterdir()) if path != self._scene.out)

    def harm(self, chance: random.Random) -> str:
        """What is wrong after one to three flipped bytes; empty if nothing."""
        for path in self._mine():
            path.unlink()
        for path, raw in self._files.items():
            path.write_bytes(raw)
        path = chance.choice([path for path, raw in self._files.items() if raw])
        flipped = bytearray(self._files[path])
        places = [chance.randrange(len(flipped)) for _ in range(chance.choice((1, 1, 2, 3)))]
        for place in places:
            flipped[place] ^= chance.randrange(1, 256)
        path.write_bytes(flipped)
        self._scene.out.unlink(missing_ok=True)
        done = self._again()
        found = self._scene.out.read_bytes() if self._scene.out.exists() else b""
        told = done.err.count("\n")
        sound = (done.status, done.out, found) == (self.sound.status, self.sound.out, self.new)
        if sound and (not told or (told == 1 and any(notice in done.err for notice in _NOTICES))):
            return ""
        return f"{path.name} at {places}: status {done.status}, {len(found)} bytes: {done.err[-300:]}"

    def _again(self) -> Done:
        """The run once more; a state that can no longer be read is refused, and the run begun anew."""
        if self._state:
            done, _ = self._scene.run(self._call, self._scene.out.parent, more=("--resume",))
            if done.status != 2 or "接" not in done.err:
                return done
        return self._scene.run(self._call, self._scene.out.parent)[0]
