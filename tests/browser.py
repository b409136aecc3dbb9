"""A real browser without a driver: Chromium's own protocol, spoken over two pipes."""

from __future__ import annotations

import base64
import json
import os
import shutil
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars --remote-debugging-pipe"
)
_FREE = 10


def program() -> str | None:
    """The Chromium (or Chrome) on PATH, if there is one and its pipes can be handed over."""
    return next((path for path in map(shutil.which, NAMES) if path), None) if os.name == "posix" else None


class Browser:
    """One headless Chromium with one page. ``errors`` is what its console complained of since `open`."""

    def __init__(self, path: str, home: Path) -> None:
        import fcntl

        their_in, self._out = os.pipe()
        self._in, their_out = os.pipe()
        moved = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _FREE) for fd in (their_in, their_out)]
        quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
        passed = [(os.POSIX_SPAWN_DUP2, fd, name) for name, fd in enumerate(moved, 3)]
        line = [path, *FLAGS.split(), f"--user-data-dir={home}", "about:blank"]
        self._pid = os.posix_spawn(path, line, os.environ, file_actions=[*quiet, *passed])
        for fd in (their_in, their_out, *moved):
            os.close(fd)
        self._left, self._last, self._session = b"", 0, ""
        self._seen: list[dict[str, Any]] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Performance"):
            self._call(f"{domain}.enable")

    def close(self) -> None:
        """End the browser and wait for it."""
        self._session = ""
        self._call("Browser.close")
        os.waitpid(self._pid, 0)
        os.close(self._out)
        os.close(self._in)

    def open(self, page: Path, *, width: int = 1280, dark: bool = False, script: bool = True) -> None:
        """Show a page at a width and wait until it has loaded."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", media="", features=[scheme])
        self._call("Emulation.setScriptExecutionDisabled", value=not script)
        self._seen.clear()
        self._call("Page.navigate", url=page.absolute().as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self._seen):
            self._read()

    def run(self, script: str) -> Any:
        """The value of a script in the page; a promise is waited for."""
        done = self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise AssertionError(done["exceptionDetails"])
        return done["result"].get("value")

    def press(self, key: str) -> None:
        """A key pressed and let go."""
        code = {"Tab": 9, "Enter": 13}[key]
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self._call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def medium(self, name: str) -> None:
        """Show the page as it is on ``screen`` or in ``print``."""
        self._call("Emulation.setEmulatedMedia", media=name)

    @property
    def errors(self) -> list[str]:
        """What the console complained of since the page was opened."""
        self.run("0")
        told = [e["params"] for e in self._seen if e["method"] in ("Log.entryAdded", "Runtime.exceptionThrown")]
        return [json.dumps(entry, ensure_ascii=False) for entry in told]

    @property
    def requests(self) -> list[str]:
        """Every address asked for since the page was opened."""
        sent = [e["params"]["request"]["url"] for e in self._seen if e["method"] == "Network.requestWillBeSent"]
        return [url for url in sent if not url.startswith("data:")]

    @property
    def work(self) -> float:
        """Seconds the page's main thread has worked."""
        found = {m["name"]: m["value"] for m in self._call("Performance.getMetrics")["metrics"]}
        return float(found["TaskDuration"])

    def picture(self, width: int, height: int, *, top: int = 0) -> bytes:
        """A stretch of the page as PNG."""
        clip = {"x": 0, "y": top, "width": width, "height": height, "scale": 1}
        found = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(found["data"])

    def paper(self) -> bytes:
        """The page as printed, a PDF."""
        found = self._call("Page.printToPDF", printBackground=False, preferCSSPageSize=True)
        return base64.b64decode(found["data"])

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        while True:
            answer = self._read()
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]

    def _read(self) -> dict[str, Any]:
        pieces = [self._left]
        while b"\0" not in pieces[-1]:
            piece = os.read(self._in, 1 << 20)
            if not piece:
                raise AssertionError("the browser has gone")
            pieces.append(piece)
        line, _, self._left = b"".join(pieces).partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        if "method" in message:
            self._seen.append(message)
        return message
