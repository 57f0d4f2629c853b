"""The servers of the demonstration as subprocesses: started in order, watched, stopped together."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

_START_SECONDS = 60
_STOP_SECONDS = 15
_WATCH_SECONDS = 0.2


class ProgramFailed(Exception):  # noqa: N818 - the name of what happened
    """A server did not start, or ended by itself; the message says which and what it printed."""


@dataclass(slots=True)
class Programs:
    """Running servers, by name; what they complain about goes to `tell`."""

    tell: Callable[[str], None]
    _running: dict[str, "subprocess.Popen[str]"] = field(
        default_factory=dict[str, "subprocess.Popen[str]"]
    )
    _readers: list[threading.Thread] = field(default_factory=list[threading.Thread])
    _said: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def start(
        self, name: str, module: str, arguments: Sequence[str], document: Mapping[str, object]
    ) -> None:
        """Start a server with its configuration; return when it listens, or raise."""
        # In a group of its own, so that an interrupt at the terminal comes to us alone.
        process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [sys.executable, "-m", module, "--config=-", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._running[name] = process
        self._said[name] = []
        assert process.stdin is not None  # noqa: S101 - it was asked for above
        assert process.stdout is not None  # noqa: S101 - it was asked for above
        assert process.stderr is not None  # noqa: S101 - it was asked for above
        self._readers.append(threading.Thread(target=self._listen, args=(name, process.stderr)))
        self._readers[-1].start()
        try:
            process.stdin.write(json.dumps(document) + "\n")
            process.stdin.close()
        except BrokenPipeError:
            # It has ended already; what it said tells why.
            pass
        watchdog = threading.Timer(_START_SECONDS, process.kill)
        watchdog.start()
        line = process.stdout.readline()
        watchdog.cancel()
        if not line:
            process.wait(_STOP_SECONDS)
            raise ProgramFailed(self._ended(name))

    def watch(self, stopped: threading.Event) -> None:
        """Wait until told to stop; raise when a server ends by itself."""
        while not stopped.wait(_WATCH_SECONDS):
            for name, process in self._running.items():
                if process.poll() is not None:
                    raise ProgramFailed(self._ended(name))

    def stop(self) -> None:
        """End all servers, the last one first; each may finish what it is about."""
        for process in reversed(self._running.values()):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        ends = time.monotonic() + _STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.0, ends - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        for reader in self._readers:
            reader.join(_STOP_SECONDS)

    def _listen(self, name: str, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                text = line.rstrip()
                self._said[name] = [*self._said[name][-19:], text]
                self.tell(f"{name}: {text}")

    def _ended(self, name: str) -> str:
        process = self._running[name]
        said = " ".join(self._said[name][-1:])
        return f"{name} ended with status {process.poll()}{f': {said}' if said else ''}"
