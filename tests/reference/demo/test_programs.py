"""Servers as subprocesses: started, watched and stopped, and what is said when one fails."""

import threading
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from uma_reference.demo.programs import ProgramFailed, Programs

READY = "import sys, json; json.loads(sys.stdin.readline()); print('{}', flush=True)\n"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Programs]:
    """Yield programs whose modules are found in a folder of the test."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    told = Programs(lambda _: None)
    yield told
    told.stop()


def module(folder: Path, name: str, code: str) -> str:
    (folder / f"{name}.py").write_text(code)
    return name


def test_a_program_that_ends_at_once_is_told_with_its_last_words(
    programs: Programs, tmp_path: Path
) -> None:
    name = module(tmp_path, "broken", "import sys\nsys.exit('it is wrong')\n")
    with pytest.raises(ProgramFailed, match=r"^rs ended with status 1: it is wrong$"):
        programs.start("rs", name, [], {})


def test_a_program_that_ends_later_ends_the_watch(programs: Programs, tmp_path: Path) -> None:
    name = module(tmp_path, "brief", f"{READY}import time; time.sleep(0.3); sys.exit(7)\n")
    programs.start("rs", name, [], {})
    with pytest.raises(ProgramFailed, match=r"^rs ended with status 7$"):
        programs.watch(threading.Event())


def test_the_watch_ends_when_it_is_told_to(programs: Programs, tmp_path: Path) -> None:
    name = module(tmp_path, "lasting", f"{READY}import time; time.sleep(60)\n")
    programs.start("rs", name, [], {})
    stopped = threading.Event()
    watching = threading.Thread(target=programs.watch, args=(stopped,), daemon=True)
    watching.start()
    stopped.set()
    watching.join(10)
    assert not watching.is_alive()


def test_stopping_lets_a_program_finish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    said: list[str] = []
    programs = Programs(said.append)
    code = (
        f"{READY}import signal, time\n"
        "def stop(*_):\n    print('finished', file=sys.stderr)\n    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, stop)\nprint('armed', file=sys.stderr, flush=True)\n"
        "time.sleep(60)\n"
    )
    programs.start("rs", module(tmp_path, "polite", code), [], {})
    ends = time.monotonic() + 10
    while said != ["rs: armed"] and time.monotonic() < ends:
        time.sleep(0.02)
    programs.stop()
    assert said == ["rs: armed", "rs: finished"]


def test_the_configuration_is_not_among_the_arguments(programs: Programs, tmp_path: Path) -> None:
    code = "import sys\nprint(sys.argv[1:], flush=True)\nsys.exit(' '.join(sys.argv[1:]))\n"
    name = module(tmp_path, "shown", code)
    programs.start("rs", name, ["--port=1"], {"secret": "hush"})
    with pytest.raises(ProgramFailed, match=r"^rs ended with status 1: --config=- --port=1$"):
        programs.watch(threading.Event())
