"""The Chinese face of the command line: help texts and usage errors of the library, in our words."""

from __future__ import annotations

import re
from typing import Any

from rich.cells import cell_len
from typer.core import TyperCommand, TyperGroup

from dangjian_check.errors import Problem
from dangjian_check.model.vocabulary import nearest
from dangjian_check.reports.wrapping import wrapped_plain

_COLUMNS, _UNBROKEN = 80, 10_000
_TWO_COLUMNS = re.compile(r"(  \S.*?  +)(\S.*)")
_HELP = (
    ("Usage:", "用法："),
    ("Options:", "选项："),
    ("Arguments:", "参数："),
    ("Commands:", "命令："),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]..."),
    ("Show this message and exit.", "显示帮助。"),
    ("Install completion for the current shell.", "给当前的命令行装上补全。"),
    (
        "Show completion for the current shell, to copy it or customize the installation.",
        "打印补全脚本，供复制或改装。",
    ),
    ("[required]", "[必填]"),
    ("[default: ", "[缺省："),
)


def in_chinese(text: str) -> str:
    """A help text with the library's own English replaced, broken to 80 columns as a terminal counts them."""
    for english, chinese in _HELP:
        text = text.replace(english, chinese)
    return "\n".join(piece for line in text.splitlines() for piece in _broken(line))


def _broken(line: str) -> list[str]:
    match = _TWO_COLUMNS.fullmatch(line)
    head, body = match.groups() if match else (line[: len(line) - len(line.lstrip())], line.lstrip())
    column = cell_len(head)
    pieces = wrapped_plain(body, _COLUMNS - column)
    return [head + pieces[0], *(" " * column + piece for piece in pieces[1:])]


class Command(TyperCommand):
    """A command whose help is Chinese throughout."""

    def get_help(self, ctx: Any) -> str:
        ctx.terminal_width = _UNBROKEN
        return in_chinese(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands whose help is Chinese throughout."""

    def get_help(self, ctx: Any) -> str:
        ctx.terminal_width = _UNBROKEN
        return in_chinese(super().get_help(ctx))


def usage_problem(error: Any) -> Problem:
    """A usage error of the library as a problem of ours: what is wrong and what to do."""
    kind, message = type(error).__name__, str(error)
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "dj-check"
    remedy = f"用 {path} --help 看用法"
    if kind == "NoSuchOption":
        near = sorted(error.possibilities or nearest(error.option_name, _options(context)))
        return _said(f"没有选项 {error.option_name}", f"最接近的是 {near[0]}" if near else remedy)
    if kind == "MissingParameter":
        name = _called(error.param) if error.param is not None else ""
        return _said(f"缺少{'选项' if name.startswith('-') else '参数'} {name}", remedy)
    if kind == "BadParameter":
        name = _called(error.param) if error.param is not None else "参数"
        return _said(f"{name}：{_bad_value(message)}", remedy)
    if kind == "BadOptionUsage":
        return _said(f"选项 {error.option_name} 缺少值", remedy)
    command = re.search(r"No such command '([^']*)'", message)
    if command:
        known = list(context.command.commands) if context is not None else []
        near = nearest(command[1], known)
        return _said(f"没有命令 {command[1]}", f"最接近的是 {near[0]}" if near else f"可用：{'、'.join(known)}")
    if "unexpected extra argument" in message:
        return _said("参数多了", remedy)
    return _said("命令不完整", remedy)


def _bad_value(message: str) -> str:
    choice = re.search(r"'(.*)' is not (?:one of )?(.*)\.?$", message)
    if choice and "'" in choice[2]:
        options = choice[2].rstrip(".").replace("'", "").replace(", ", "、")
        return f"{choice[1]} 不在可选的值里（{options}）"
    if least := re.search(r"(?:greater than or equal to |in the range x>=)(\S*\d)", message):
        return f"最小是 {least[1]}"
    if most := re.search(r"(?:less than or equal to |in the range \S*x<=)(\S*\d)", message):
        return f"最大是 {most[1]}"
    if "valid integer" in message:
        return "应是整数"
    if re.search("valid (?:number|float)", message):
        return "应是数"
    return message if not message.isascii() else "值不对"


def _called(param: Any) -> str:
    """What a user writes for an option, what the help calls an argument."""
    name = str(param.opts[0])
    return name if name.startswith("-") else str(param.metavar or name).rstrip(".")


def _options(context: Any) -> list[str]:
    return [o for p in context.command.params for o in p.opts] if context is not None else []


def _said(message: str, remedy: str) -> Problem:
    return Problem("dj-check", 0, 0, message, remedy)
