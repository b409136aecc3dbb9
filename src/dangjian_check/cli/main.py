"""The command tree and the way in and out of it."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from dangjian_check import __version__
from dangjian_check.cli import (
    add,
    audit,
    baseline,
    diff,
    due,
    explain,
    import_ledger,
    new,
    rules,
    schema,
    streams,
    summary,
    validate,
    waivers,
)
from dangjian_check.cli.exits import Exit, tell, tell_lost
from dangjian_check.cli.words import Command, Group, usage_problem
from dangjian_check.errors import DjCheckError, Problem

app = typer.Typer(
    name="dj-check",
    cls=Group,
    help="按成文标准核查党支部工作记录：哪一条、哪个月、缺什么、在哪一行、扣几分、怎么改。",
    epilog="退出码：0 没有问题，1 有问题，2 核不了，3 没有可核的，70 程序出错。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=True,
)
app.command("audit", cls=Command)(audit.audit)
app.command("validate", cls=Command)(validate.validate)
app.command("explain", cls=Command)(explain.explain)
app.command("due", cls=Command)(due.due)
app.command("import", cls=Command)(import_ledger.import_ledger)
app.command("new", cls=Command)(new.new)
app.command("add", cls=Command)(add.add)
app.command("diff", cls=Command)(diff.diff)
app.command("summary", cls=Command)(summary.summary)
app.command("schema", cls=Command)(schema.schema)
app.add_typer(rules.app, name="rules")
app.add_typer(waivers.app, name="waivers")
app.add_typer(baseline.app, name="baseline")


def _version(wanted: bool) -> None:
    if wanted:
        streams.write(f"dj-check {__version__}\n")
        raise typer.Exit


@app.callback()
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
        return int(app(args=arguments, prog_name="dj-check", standalone_mode=False) or 0)
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
