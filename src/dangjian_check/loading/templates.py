"""A customer's own .docx, read as bytes and looked over before any library unpacks it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.files import read_bytes, shown_path

MAX_UNPACKED = 50 * 1024 * 1024
MAX_PARTS = 2000
_BODY = "word/document.xml"
_SAVE_AS = "用 Word 或 WPS 打开，另存为 .docx 再试"


def load_template(path: Path) -> bytes:
    """The bytes of a Word document that is safe to unpack.

    Raises `InputProblems` for what is none: another format, an encrypted or damaged file, one that unpacks to more
    than `MAX_UNPACKED`, one that declares entities.
    """
    shown = shown_path(path)
    raw = read_bytes(path, shown, what="一个 .docx 文件", smaller="去掉模板里的大图")
    wrong = _wrong(raw)
    if wrong is not None:
        raise InputProblems([Problem(shown, 0, 0, *wrong)])
    return raw


def _wrong(raw: bytes) -> tuple[str, str] | None:
    """What is wrong with a template and what to do, if anything is."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                return "模板展开以后太大", "去掉模板里的大图和附件"
            if _BODY not in archive.namelist():
                return "不是 Word 文档（.docx）", _SAVE_AS
            if any(b"<!DOCTYPE" in archive.read(part) for part in parts if part.filename.endswith((".xml", ".rels"))):
                return "模板里有实体声明，不予读取", _SAVE_AS
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, OSError):
        return "模板不是完好的 .docx 文件", _SAVE_AS
    except Exception as error:  # zlib.error and its kin have no common base
        return f"模板不能解压（{type(error).__name__}）", _SAVE_AS
    return None
