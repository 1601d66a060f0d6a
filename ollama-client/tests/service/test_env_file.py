"""The file of settings reads back as it was written: by us, and by a shell, whose rules systemd's are."""

import stat
import subprocess
from pathlib import Path

import pytest

from obt_client.service import env_file
from obt_client.service.plan import ServiceError

VALUES = {
    "OBT_SERVER_URL": "https://obt.example.org:8881/a?b",
    "OBT_CLIENT_NAME": """Zoë's "box" 100% $HOME `id` \\ ユーザ""",
    "OBT_CLIENT_DATA_DIR": "/srv/a b/c#d;e",
    "OBT_CLIENT_ID": "",
}


def test_what_is_written_is_read_and_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "config" / "client.env"
    env_file.write(file, VALUES)
    assert env_file.read(file) == VALUES
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", VALUES)
def test_a_shell_reads_the_same(tmp_path: Path, name: str) -> None:
    file = tmp_path / "client.env"
    env_file.write(file, VALUES)
    line = f'. "$0"; printf %s "${name}"'
    told = subprocess.run(["sh", "-c", line, str(file)], check=True, capture_output=True, text=True)
    assert told.stdout == VALUES[name]


def test_what_a_person_wrote_is_read_too() -> None:
    text = '# a comment\n\n OBT_A = no\nOBT_B=plain text \nOBT_C=\'$x\'\nexport\nOBT_D="a\\"b\\n"\r\nOBT_E="\n'
    assert env_file.parse(text) == {"OBT_B": "plain text", "OBT_C": "$x", "OBT_D": 'a"b\\n', "OBT_E": '"'}


def test_a_value_with_a_line_end_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="OBT_CLIENT_NAME"):
        env_file.write(tmp_path / "client.env", {"OBT_CLIENT_NAME": "a\nOBT_SERVER_URL=http://evil"})
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_none_and_one_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert env_file.read(tmp_path / "client.env") is None
    (tmp_path / "client.env").mkdir()
    with pytest.raises(ServiceError, match=r"client\.env"):
        env_file.read(tmp_path / "client.env")
    with pytest.raises(ServiceError, match="settings cannot be kept"):
        env_file.write(tmp_path / "client.env", VALUES)
