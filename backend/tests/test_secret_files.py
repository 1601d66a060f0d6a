"""Secrets come from files too: those that containers mount, and systemd's credentials."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from backend.tests.harness import settings_of

URL = "postgresql://obt:planted@db/obt"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OBT_DATABASE_URL", "OBT_METRICS_TOKEN", "OBT_SECRETS_DIR", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "obt_database_url").write_text(f"{URL}\n")
    (tmp_path / "obt_metrics_token").write_text("a-token-of-many-letters\n")


@pytest.mark.parametrize("name", ["OBT_SECRETS_DIR", "CREDENTIALS_DIRECTORY"])
def test_a_file_of_a_settings_name_is_its_value(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_of().database_url is None
    monkeypatch.setenv(name, str(tmp_path))
    settings = settings_of()
    assert settings.database_url == URL
    assert settings.metrics_token is not None
    assert settings.metrics_token.get_secret_value() == "a-token-of-many-letters"
    assert settings.log_format == "text"


def test_the_environment_goes_before_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBT_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("OBT_DATABASE_URL", "postgresql://other/obt")
    assert settings_of().database_url == "postgresql://other/obt"


@pytest.mark.filterwarnings("ignore:directory")
def test_a_folder_that_is_not_there_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBT_SECRETS_DIR", str(tmp_path / "none"))
    with pytest.raises(ValidationError, match="secrets_dir"):
        settings_of()


def test_a_token_that_could_be_guessed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "obt_metrics_token").write_text("short")
    monkeypatch.setenv("OBT_SECRETS_DIR", str(tmp_path))
    with pytest.raises(ValidationError, match="metrics_token"):
        settings_of()
