"""The encoding of a ledger is found out: UTF-8, GB18030 with its rare characters, UTF-16 by its mark; else refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangjian_check.errors import InputProblems
from dangjian_check.loading.encodings import decode_any

TEXT = "日期,类型\n2024-03-05,支委会，䶮小满𬍡一㛃\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_of_a_ledger_is_read_in_any_encoding_it_is_kept_in(encoding: str):
    """Rare characters, which GBK does not have, included."""
    assert TEXT == decode_any(TEXT.encode(encoding), "a.csv")


@pytest.mark.parametrize("text", ["联通", "学习 联通", "a,联通\n"])
def test_short_gbk_text_that_is_also_utf8_is_read_as_chinese(text: str):
    """The bytes of 联通 are valid UTF-8 for two Greek-looking letters; a ledger means the Chinese."""
    assert text == decode_any(text.encode("gbk"), "a.csv")


@pytest.mark.parametrize("text", ["", "a,b\n", "日期,类型\n", "café,日期\n"])
def test_utf8_is_not_mistaken_for_gbk(text: str):
    """Plain ASCII and whatever holds Chinese in UTF-8 stays what it is."""
    assert text == decode_any(text.encode(), "a.csv")


@pytest.mark.parametrize(
    "raw",
    [b"PK\x00\x01", b"\x00\x00\xfe\xff", "日期,".encode("utf-16-le"), b"\xff\xff\xff", b"\x81", b"\xff\xfe\x00\xd8"],
)
def test_what_is_no_text_is_refused_as_a_whole(raw: bytes):
    """One Chinese problem with a way out."""
    with pytest.raises(InputProblems) as caught:
        decode_any(raw, "a.csv")
    [problem] = caught.value.problems
    assert ("a.csv", 0, True) == (problem.file, problem.line, "CSV" in problem.remedy)


@given(st.binary())
def test_any_bytes_are_text_or_refused(raw: bytes):
    """Nothing else comes out."""
    with contextlib.suppress(InputProblems):
        assert isinstance(decode_any(raw, "a.csv"), str)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: not text.isascii()))
def test_utf8_with_its_mark_is_always_read_back(text: str):
    """Where the mark stands nothing is guessed."""
    assert text == decode_any(text.encode("utf-8-sig"), "a.csv")
