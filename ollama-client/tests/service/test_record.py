"""The record of a process is true of that process only."""

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from obt_client.service import record
from obt_client.service.plan import ServiceError

WAITS = """import sys
from pathlib import Path
from obt_client.service import record
record.write(Path(sys.argv[1]))
print(flush=True)
input()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "service.json"


@pytest.fixture
def ours(file: Path) -> Generator["subprocess.Popen[bytes]"]:
    """A process with the name of the service's that has left its record."""
    command = [sys.executable, "-c", WAITS, str(file), record.MODULE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline()
        yield process
        process.kill()


def test_the_process_that_left_it_is_found_until_it_ends(file: Path, ours: "subprocess.Popen[bytes]") -> None:
    found = record.process_of(file)
    assert found is not None
    assert found.pid == ours.pid
    ours.kill()
    assert record.ended(found, limit_s=60)  # nobody has waited for it: it is a zombie now
    assert record.process_of(file) is None


def test_another_process_of_the_same_number_is_not_it(file: Path, ours: "subprocess.Popen[bytes]") -> None:
    told = record.Record.model_validate_json(file.read_text())
    file.write_text(told.model_copy(update={"started": f"{told.started}1"}).model_dump_json())
    assert record.process_of(file) is None


def test_a_process_with_another_command_line_is_not_it(file: Path) -> None:
    record.write(file)
    assert record.Record.model_validate_json(file.read_text()).pid == os.getpid()
    assert record.process_of(file) is None


@pytest.mark.parametrize(
    "text", ["", "{}", "null", '{"pid": -1, "started": ""}', '{"pid": 99999999999, "started": ""}']
)
def test_what_is_no_record_names_nobody(file: Path, text: str) -> None:
    file.write_text(text)
    assert record.process_of(file) is None


def test_none_and_one_that_cannot_be_read(file: Path) -> None:
    assert record.process_of(file) is None
    file.mkdir()
    with pytest.raises(ServiceError, match="as root"):
        record.process_of(file)


def test_only_its_own_process_erases_it(file: Path, ours: "subprocess.Popen[bytes]") -> None:
    record.erase(file)
    assert file.exists()
    record.write(file)
    record.erase(file)
    assert not file.exists()


def test_a_process_that_goes_on_has_not_ended(ours: "subprocess.Popen[bytes]") -> None:
    assert not record.ended(psutil.Process(ours.pid), limit_s=0.2)
