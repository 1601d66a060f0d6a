"""Settings: what is taken from where, and what is said of mistakes."""

from pathlib import Path

import pytest

from obt_client.config import Settings, SettingsError, load_settings, refuse_remote_ollama, variable_of

EXAMPLE = Path(__file__).parents[1] / ".env.example"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(variable_of(field), raising=False)
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OBT_CLIENT_NAME=file\nOBT_DRAIN_S=7\nOBT_PORT=9\n")
    monkeypatch.setenv("OBT_CLIENT_NAME", "environment")
    monkeypatch.setenv("OBT_CLIENT_ID", "")
    settings = load_settings(heartbeat_interval_s=3, server_url=None)
    assert (settings.client_name, settings.drain_s, settings.heartbeat_interval_s) == ("environment", 7, 3)
    assert settings.client_id is None
    assert "server_url" not in settings.model_fields_set


def test_ollama_is_where_ollama_host_says_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().ollama_url == "http://127.0.0.1:11434"
    monkeypatch.setenv("OLLAMA_HOST", "0.0.0.0:5000")
    assert load_settings().ollama_url == "http://127.0.0.1:5000"
    monkeypatch.setenv("OBT_OLLAMA_URL", "[::1]:6000")
    assert load_settings().ollama_url == "http://[::1]:6000"


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("OBT_SERVER_URL", "example.org"),
        ("OBT_SERVER_URL", "http://me:secret@example.org"),
        ("OBT_HEARTBEAT_INTERVAL_S", "soon"),
        ("OBT_HEARTBEAT_INTERVAL_S", "0"),
        ("OBT_CLIENT_ID", "A B"),
        ("OBT_OLLAMA_URL", "http://box:port"),
        ("OBT_ALLOW_REMOTE_OLLAMA", "perhaps"),
        ("OBT_LOG_LEVEL", "loud"),
    ],
)
def test_a_mistake_is_told_with_its_variable_what_was_given_and_what_is_right(
    monkeypatch: pytest.MonkeyPatch, variable: str, given: str
) -> None:
    monkeypatch.setenv(variable, given)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    text = str(raised.value)
    assert f"{variable}={given!r}" in text
    assert "Right would be: " in text
    assert "\n" not in text


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBT_CLIENT_ID", "-")
    monkeypatch.setenv("OBT_DRAIN_S", "x")
    with pytest.raises(SettingsError, match=r"(?s)OBT_CLIENT_ID.*OBT_DRAIN_S"):
        load_settings()


def test_an_ollama_elsewhere_is_refused_unless_it_is_allowed() -> None:
    with pytest.raises(SettingsError, match="OBT_ALLOW_REMOTE_OLLAMA=true"):
        refuse_remote_ollama(load_settings(ollama_url="http://192.0.2.7"))
    allowed = load_settings(ollama_url="http://192.0.2.7", allow_remote_ollama=True)
    refuse_remote_ollama(allowed)
    assert allowed.ollama_is_remote
    refuse_remote_ollama(load_settings())


def test_the_example_file_names_every_setting_and_no_other() -> None:
    told = {line.lstrip("#").partition("=")[0] for line in EXAMPLE.read_text().splitlines() if line.startswith("#OBT_")}
    assert told == {variable_of(field) for field in Settings.model_fields}


def test_the_token_is_shown_nowhere() -> None:
    assert "geheim" not in repr(load_settings(enrol_token="geheim"))
