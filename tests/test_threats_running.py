"""Clock, locale, memory, signals and faults of our own (threats T46, T47, T51, T56) and personal data (T57-T60)."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hostile_yaml import PLAIN
from program import LAX, PROBE, SOUND, plain_env
from threats import ID_CARD, PHONE, meet


@pytest.mark.parametrize("env", [
    {"TZ": "Foo/Bar", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "POSIX", "PYTHONHASHSEED": "4242"},
], ids=["nowhere", "kiritimati"])  # fmt: skip
def test_T46_T47_zone_locale_and_hash_seed_change_no_byte(env: dict[str, str]):
    """Once the day is asked for, nothing else of the machine counts."""
    arguments = ("audit", LAX, SOUND, *PROBE, "--as-of", "2024-12-31", "--format", "json")
    assert meet(*arguments).raw == meet(*arguments, env=env).raw


@pytest.mark.parametrize("megabytes", [60, 100, 160])
def test_T51_little_memory_is_never_a_verdict(tmp_path: Path, megabytes: int):
    """What could be judged is whole; else the status is that of nothing judged, and no output is torn."""
    target = tmp_path / "a.json"
    met = meet("audit", LAX, *PROBE, "--output", f"json:{target}", memory=megabytes << 20)
    assert True is (met.status in (1, 2, 70)), (met.status, met.err)
    assert (met.status == 1) == target.exists(), met.err
    if met.status == 1:
        assert 1 == len(json.loads(target.read_text(encoding="utf-8"))["assessments"])
    assert "Traceback" not in met.err


FAULTS = {
    "exception": "raise KeyError('110101199003074514')",
    "panic": "raise type('PanicException', (BaseException,), {})('110101199003074514')",
    "recursion": "f = lambda: f(); f()",
    "memory": "raise MemoryError",
}
FAULTY = """
import sys
from dangjian_check import app
from dangjian_check.cli.main import run_cli

def faulty(*_, **__):
    exec(sys.argv[1])

app.Bench.ending = faulty
sys.exit(run_cli(sys.argv[2:]))
"""


@pytest.mark.parametrize(("fault", "debug"), [*((fault, "") for fault in FAULTS), ("panic", "1")])
def test_T58_bug_of_ours_is_status_70_and_one_line(fault: str, debug: str):
    """Never the status of a verdict, also where a traceback is asked for; nothing of the record but by that wish."""
    met = meet(FAULTS[fault], "audit", SOUND, *PROBE, program=("-c", FAULTY), env={"DJ_CHECK_DEBUG": debug})
    assert (2 if fault == "memory" else 70) == met.status, met.err
    if not debug:
        assert ([], 1) == (met.ill, len(met.err.splitlines())), met.err


def test_T58_program_that_is_not_whole_is_status_70(tmp_path: Path):
    """A broken installation reads neither as "no deficiencies" nor as "deficiencies"."""
    (tmp_path / "pydantic").mkdir()
    (tmp_path / "pydantic" / "__init__.py").write_text("raise ImportError('gone')\n", encoding="utf-8")
    met = meet("audit", SOUND, *PROBE, env={"PYTHONPATH": str(tmp_path)})
    assert (70, [], 1) == (met.status, met.ill, len(met.err.splitlines())), met.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_T56_signal_ends_it_quietly_with_its_own_status(tmp_path: Path, number: signal.Signals):
    """While it waits for a record on stdin: no traceback, nothing written, 128 and the signal's number."""
    target = tmp_path / "a.json"
    command = [sys.executable, "-m", "dangjian_check", "audit", "-", *PROBE, "--output", f"json:{target}"]
    running = subprocess.Popen(
        command, env=plain_env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    wchan = Path(f"/proc/{running.pid}/syscall")
    for _ in range(200):
        time.sleep(0.05)
        if wchan.read_text(encoding="ascii").startswith("0 0x0 "):  # it reads from stdin
            break
    running.send_signal(number)
    out, err = running.communicate(timeout=10)
    assert (128 + number, b"", False) == (running.returncode, out, target.exists())
    assert (1, False) == (len(err.splitlines()), b"Traceback" in err), err


WIDE = ID_CARD.translate({ord(digit): 0xFEE0 + ord(digit) for digit in "0123456789"})
LEAKS = {
    "wrong-number": f"branch: {{name: 甲支部}}\nheadcount: {{formal: {ID_CARD}}}\n",
    "wrong-day": f"{PLAIN}committee: {{elected: {PHONE}}}\n",
    "duplicate-key": f"branch: {{name: 甲支部, id: {PHONE}, id: {ID_CARD}}}\n",
    "unknown-key": f"{PLAIN}{ID_CARD}: 1\n",
    "unknown-word": f"{PLAIN}members: [{{name: 甲, status: '{ID_CARD}'}}]\n",
    "broken-syntax": f"{PLAIN}members: [{{name: 甲, phone: {PHONE}\n",
    "tag": f"branch: {{name: !{ID_CARD} 甲}}\n",
    "alias": f"{PLAIN}members: *a{PHONE}\n",
    "full-width": f"{PLAIN}members: [{{name: 甲, status: {WIDE}}}]\n",
    "spaced": f"{PLAIN}members: [{{name: 甲, status: 138 0013 8000}}]\n",
    "zero-width": f"{PLAIN}members: [{{name: 甲, status: \"1380\\u200b0138000\"}}]\n",
}  # fmt: skip
FORMS = [ID_CARD, WIDE, PHONE, "138 0013 8000", "1380\u200b0138000", "1380\\u200b0138000"]


def test_T57_T60_no_message_holds_a_personal_number(tmp_path: Path):
    """Whatever is wrong with a record, and however the number is written, in a message or a file's name; no report
    holds one either (T59)."""
    for name, text in LEAKS.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / f"{PHONE}.yaml").write_text("branch: {}\n", encoding="utf-8")
    sound = LAX.read_text(encoding="utf-8").replace("name: 甲,", f"name: 甲{ID_CARD},", 1)
    (tmp_path / "sound.yaml").write_text(sound, encoding="utf-8")
    met = meet("audit", tmp_path, *PROBE, "--format", "json", "--verbose")
    assert (2, [], []) == (met.status, met.ill, [form for form in FORMS if form in met.out + met.err]), met.err
    assert [] == [name for name in LEAKS if not met.of(tmp_path / f"{name}.yaml")]
    assert "身份证号" in met.out
