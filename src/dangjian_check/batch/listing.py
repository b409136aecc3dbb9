"""The files of a run: very many of them in little room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path


class Listing:
    """Files in their order, kept as folders and names."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._folders: list[tuple[str, str]] = []
        self._count = 0
        here = ""
        names: list[str] = []
        for path in paths:
            folder = str(path.parent)
            if names and folder != here:
                self._folders.append((here, "\0".join(names)))
                names = []
            here = folder
            names.append(path.name)
            self._count += 1
        if names:
            self._folders.append((here, "\0".join(names)))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Path]:
        for folder, names in self._folders:
            here = Path(folder)
            yield from (here / name for name in names.split("\0"))

    def one_of_each_folder(self) -> Iterator[Path]:
        """Of every folder one file."""
        return (Path(folder) / names.partition("\0")[0] for folder, names in self._folders)
