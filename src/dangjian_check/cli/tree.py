"""The command tree: every command by name, declared by typer in its module."""

from __future__ import annotations

import gc
import os
from collections.abc import Collection
from importlib import import_module
from typing import Annotated, NamedTuple

import typer
from typer.exceptions import TyperException

from dangjian_check import __version__
from dangjian_check.cli import streams
from dangjian_check.cli.exits import Exit, tell
from dangjian_check.cli.quick import COMPLETING
from dangjian_check.cli.words import Command, Group, usage_problem


class Entry(NamedTuple):
    """A command: the module here that holds it, what is registered of it (a Typer holds commands of its own), and what
    the list of commands says of it."""

    module: str
    attribute: str
    help: str


COMMANDS = {
    "audit": Entry("audit", "audit", "核查记录：给出得分和问题清单。"),
    "validate": Entry(
        "validate",
        "validate",
        "只查写法：记录、标准和豁免有没有写错，一次列全；不下结论，很快，宜放在提交之前和 CI 里。",
    ),
    "explain": Entry("explain", "explain", "说明一条规则：要求、依据、核法、计分；加 --record 说明为什么这样判。"),
    "due": Entry("due", "due", "还欠什么、哪天到期：按同一套规则往前看，最急的在前；--format ics 可导入日历。"),
    "import": Entry("import_ledger", "import_ledger", "把台账转成 YAML 记录：一个支部一份。"),
    "new": Entry("new", "new", "新建一份支部记录：写好就能用，各栏带着写法的例子；已有的文件不动。"),
    "add": Entry(
        "add", "add", "给 YAML 记录添一次活动，放在活动列表末尾，文件其余部分一字不动；已有同样的一条就不添。"
    ),
    "diff": Entry("diff", "diff", "对照两次核查：已整改、未整改、未复查、新增、屡查屡犯。"),
    "summary": Entry("summary", "summary", "汇总许多份核查报告：共性问题、得分分布、失分指标、各单位、逐期变化。"),
    "query": Entry(
        "query", "query", "在成千上万份结论里查：现成的三种查询，或者自己写 SQL（要装 dj-check[analytics]）。"
    ),
    "schema": Entry("schema", "schema", "打印给编辑器用的 JSON Schema（draft 7）。"),
    "rules": Entry("rules", "app", "标准和规则：列出、查看、自测、体检。"),
    "waivers": Entry("waivers", "app", "豁免：查写法、列清单。"),
    "baseline": Entry("baseline", "app", "基线：记下已有的问题，以后只有新增的才算不通过。"),
    "cache": Entry("cache", "app", "缓存：没有变过的记录不必重核。里面有姓名，只在本机。"),
}


def command_tree(names: Collection[str] = COMMANDS) -> typer.Typer:
    """The program with all commands; only the modules of ``names`` are imported, the others are only listed."""
    app = typer.Typer(
        name="dj-check",
        cls=Group,
        help="按成文标准核查党支部工作记录：哪一条、哪个月、缺什么、在哪一行、扣几分、怎么改。",
        epilog="退出码：0 没有问题，1 有问题，2 核不了，3 没有可核的，70 程序出错。",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        add_completion=True,
        callback=_root,
    )
    for name, (module, attribute, words) in COMMANDS.items():
        if name not in names:
            app.command(name, help=words)(_listed)
            continue
        held = getattr(import_module(f"dangjian_check.cli.{module}"), attribute)
        if isinstance(held, typer.Typer):
            app.add_typer(held, name=name)
        else:
            app.command(name, cls=Command)(held)
    return app


def _listed() -> None:
    """Stands for a command that nobody asked for."""


def asked_for(arguments: list[str]) -> Collection[str]:
    """The commands whose modules a command line may need: its first word, else whatever it mentions. The shell that
    completes a line may ask for anything."""
    if COMPLETING in os.environ:
        return COMMANDS
    return arguments[:1] if arguments[:1] and arguments[0] in COMMANDS else COMMANDS.keys() & arguments


def _version(wanted: bool) -> None:
    if wanted:
        streams.write(f"dj-check {__version__}\n")
        raise typer.Exit


def _root(
    version: Annotated[bool, typer.Option("--version", "-V", callback=_version, help="显示版本。")] = False,
) -> None:
    """Only carries ``--version``."""


def run_tree(arguments: list[str]) -> int:
    """Run one command line as typer understands it; a line it does not understand is told."""
    tree = command_tree(asked_for(arguments))
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    try:
        return int(tree(args=arguments, prog_name="dj-check", standalone_mode=False) or 0)
    except SystemExit as ended:  # the end of completing a line; Python's own 1 would be a verdict
        return Exit.FAILED if ended.code else Exit.OK
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            streams.write(f"{error.message}\n")
        else:
            tell([usage_problem(error)])
        return Exit.FAILED
