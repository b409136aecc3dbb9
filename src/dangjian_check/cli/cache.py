"""``dj-check cache``: where answers of earlier runs are kept, whether they are sound, and how to be rid of them."""

from __future__ import annotations

import os

import typer

from dangjian_check.batch.store import Store, store_path
from dangjian_check.cli.exits import Exit, say, tell
from dangjian_check.cli.streams import write
from dangjian_check.cli.words import Command, Group
from dangjian_check.loading.files import shown_path

app = typer.Typer(
    cls=Group,
    help="缓存：没有变过的记录不必重核。里面有姓名，只在本机。",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(cls=Command)
def where() -> int:
    """缓存在哪里。"""
    path = store_path(os.environ)
    say(shown_path(path) if path else "没有缓存")
    return Exit.OK


@app.command(cls=Command)
def verify() -> int:
    """逐条查有没有损坏；损坏的删去，以 1 退出，下次重核就补上。"""
    path = store_path(os.environ)
    if path is None or not os.path.exists(path):  # noqa: PTH110
        write("没有缓存\n")
        return Exit.OK
    with Store(path) as store:
        good, damaged = store.verify()
        tell(store.notices)
        if not store.usable:
            return Exit.FAILED
        write(f"{good} 条完好，{damaged} 条损坏\n")
        return Exit.DEFICIENT if store.notices else Exit.OK


@app.command(cls=Command)
def clear() -> int:
    """全部删去，磁盘上也不留。"""
    path = store_path(os.environ)
    if path is None or not os.path.exists(path):  # noqa: PTH110
        write("没有缓存\n")
        return Exit.OK
    with Store(path) as store:
        count = store.clear()
        tell(store.notices)
        if not store.usable:
            return Exit.FAILED
        write(f"删去 {count} 条\n")
        return Exit.OK
