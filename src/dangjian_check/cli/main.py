"""The command tree and the way in and out of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer
from typer.exceptions import TyperException

from dangjian_check import __version__
from dangjian_check.cli import streams
from dangjian_check.cli.exits import Exit, tell, tell_lost
from dangjian_check.cli.words import Command, Group, usage_problem
from dangjian_check.errors import DjCheckError, Problem

# Every command: the module here that holds it, and what is registered of it. A Typer holds commands of its own.
COMMANDS = {
    "audit": ("audit", "audit"),
    "validate": ("validate", "validate"),
    "explain": ("explain", "explain"),
    "due": ("due", "due"),
    "import": ("import_ledger", "import_ledger"),
    "new": ("new", "new"),
    "add": ("add", "add"),
    "diff": ("diff", "diff"),
    "summary": ("summary", "summary"),
    "schema": ("schema", "schema"),
    "rules": ("rules", "app"),
    "waivers": ("waivers", "app"),
    "baseline": ("baseline", "app"),
    "cache": ("cache", "app"),
}


def command_tree(names: Iterable[str] = tuple(COMMANDS)) -> typer.Typer:
    """The program with these commands; only their modules are imported."""
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
    for name in names:
        module, attribute = COMMANDS[name]
        held = getattr(import_module(f"dangjian_check.cli.{module}"), attribute)
        if isinstance(held, typer.Typer):
            app.add_typer(held, name=name)
        else:
            app.command(name, cls=Command)(held)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        streams.write(f"dj-check {__version__}\n")
        raise typer.Exit


def _root(
    version: Annotated[bool, typer.Option("--version", "-V", callback=_version, help="显示版本。")] = False,
) -> None:
    """Only carries ``--version``."""


def run_cli(arguments: list[str]) -> int:
    """Run one command line. Whatever goes wrong, the status is one of `Exit` and there is no traceback."""
    streams.soften()
    try:
        status = _run(arguments)
        streams.flush()
    except streams.OutputLost as lost:
        tell_lost(lost)
        return Exit.FAILED
    return status


def _run(arguments: list[str]) -> int:
    try:
        asked = arguments[:1] if arguments[:1] and arguments[0] in COMMANDS else COMMANDS
        return int(command_tree(asked)(args=arguments, prog_name="dj-check", standalone_mode=False) or 0)
    except DjCheckError as error:
        tell(error.problems)
        return Exit.FAILED
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            streams.write(f"{error.message}\n")
        else:
            tell([usage_problem(error)])
        return Exit.FAILED
    except KeyboardInterrupt:
        return 130
    except streams.OutputLost:
        raise
    except OSError as error:
        streams.silence(sys.stdout)
        raise streams.OutputLost("标准输出", quiet=isinstance(error, BrokenPipeError)) from None
    except Exception as error:
        if os.environ.get("DJ_CHECK_DEBUG"):
            raise
        message = f"程序出错（{type(error).__name__}），这是 dj-check 的缺陷"
        tell([Problem("dj-check", 0, 0, message, "设 DJ_CHECK_DEBUG=1 重跑，把输出连同版本号报给维护者")])
        return Exit.BUG
