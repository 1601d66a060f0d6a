"""A log is shown from its end, and followed over the start of a new one."""

import threading
from pathlib import Path
from queue import Queue

import pytest

from obt_client.service.log_file import follow, last_lines
from obt_client.service.plan import ServiceError


def test_the_last_lines_whatever_is_in_them(tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    assert last_lines(log, 5) == []
    log.write_bytes(b"one\ntwo \xff\r\nthree")
    assert last_lines(log, 2) == ["two \N{REPLACEMENT CHARACTER}", "three"]
    assert last_lines(log, 0) == []
    with pytest.raises(ServiceError):
        last_lines(tmp_path, 5)


def test_it_is_followed_whole_line_by_whole_line(tmp_path: Path) -> None:
    log, seen = tmp_path / "service.log", Queue[str]()
    log.write_text("old\nlast\n")

    def read() -> None:
        for line in follow(log, 1):
            seen.put(line)
            if line == "end":
                return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert seen.get(timeout=60) == "last"
    with log.open("a") as file:
        file.write("new\nhalf")
        file.flush()
        assert seen.get(timeout=60) == "new"
        file.write(" a line\n")
    assert seen.get(timeout=60) == "half a line"
    log.replace(tmp_path / "service.log.1")
    log.write_text("anew\nend\n")
    assert [seen.get(timeout=60), seen.get(timeout=60)] == ["anew", "end"]
    reader.join(60)
    assert not reader.is_alive()
