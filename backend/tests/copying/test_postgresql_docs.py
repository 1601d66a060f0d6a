"""docs/postgresql.md does what it says: roles with least rights, and encryption that checks whom it speaks to."""

import re
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import trustme

from backend.tests import programs
from backend.tests.copying.clusters import Cluster, programs_with_tls, wheel_programs
from backend.tests.harness import API

_PAGE = Path(__file__).parents[3] / "docs" / "postgresql.md"


@pytest.fixture(scope="module")
def cluster(postgresql_server: str) -> Generator[Cluster]:
    """With TLS where the machine has a PostgreSQL that can."""
    with TemporaryDirectory(prefix="obt-roles-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        cluster = Cluster(Path(name) / "cluster", programs_with_tls() or wheel_programs())
        cluster.create()
        for number, block in enumerate(re.findall(r"```sql\n(.*?)```", _PAGE.read_text(), re.DOTALL)):
            for statement in filter(str.strip, block.split(";")):
                cluster.execute(statement, "obt" if number else "postgres")
        yield cluster
        cluster.remove()


def test_the_owner_migrates_and_the_other_serves_and_may_no_more(cluster: Cluster, tmp_path: Path) -> None:
    app, owner = (cluster.url("obt", role) for role in ("obt_app", "obt_owner"))
    refused = programs.run(tmp_path, "serve", "--port", "0", OBT_DATABASE_URL=app)
    assert refused.exit_code == 1
    assert "an upgrade needs the owner's role" in refused.stderr
    assert "run `obt-server db upgrade`" in programs.run(tmp_path, "db", "check", OBT_DATABASE_URL=app).stdout
    assert programs.run(tmp_path, "db", "upgrade", OBT_DATABASE_URL=owner).exit_code == 0
    checked = programs.run(tmp_path, "db", "check", OBT_DATABASE_URL=app)
    assert (checked.exit_code, "All is well" in checked.stdout) == (0, True), checked.stdout
    assert "superuser" not in checked.stdout
    with programs.serving(tmp_path, OBT_DATABASE_URL=app) as served, served.sign_in() as person:
        assert person.post(f"{API}/enrolment-tokens", json={}).status_code == 201
    for forbidden in ("DROP TABLE results", "CREATE TABLE mine (id int)", "ALTER TABLE people ADD COLUMN x int"):
        with psycopg.connect(app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(forbidden.encode())


def test_a_role_that_lacks_a_right_is_told_which(cluster: Cluster, tmp_path: Path) -> None:
    cluster.execute("CREATE ROLE halfway LOGIN")
    cluster.execute("GRANT USAGE ON SCHEMA public TO halfway; GRANT CONNECT ON DATABASE obt TO halfway", "obt")
    programs.run(tmp_path, "db", "upgrade", OBT_DATABASE_URL=cluster.url("obt", "obt_owner"))
    cluster.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO halfway", "obt")
    checked = programs.run(tmp_path, "db", "check", OBT_DATABASE_URL=cluster.url("obt", "halfway"))
    assert checked.exit_code == 1
    assert "the role halfway lacks DELETE on api_keys" in checked.stdout


def test_verify_full_takes_the_right_server_and_no_other(cluster: Cluster, tmp_path: Path) -> None:
    if programs_with_tls() is None:
        pytest.skip("the PostgreSQL of the wheel is built without TLS, and this machine has no other")
    authority, stranger = trustme.CA(), trustme.CA()
    _encrypt(cluster, authority)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    stranger.cert_pem.write_to_path(tmp_path / "stranger.pem")
    url, owner = cluster.url("obt", "obt_owner", "localhost"), "sslmode=verify-full&sslrootcert="
    good = f"{url}?{owner}{tmp_path / 'ca.pem'}"
    assert programs.run(tmp_path, "db", "upgrade", OBT_DATABASE_URL=good).exit_code == 0
    assert "encryption: TLSv1.3" in programs.run(tmp_path, "db", "check", OBT_DATABASE_URL=good).stdout
    of_a_stranger = f"{url}?{owner}{tmp_path / 'stranger.pem'}"
    assert "certificate verify failed" in programs.run(tmp_path, "db", "check", OBT_DATABASE_URL=of_a_stranger).stdout
    by_another_name = good.replace("@localhost", "@127.0.0.1")
    told = programs.run(tmp_path, "db", "check", OBT_DATABASE_URL=by_another_name)
    assert told.exit_code == 1
    assert "does not match host name" in told.stdout


def _encrypt(cluster: Cluster, authority: trustme.CA) -> None:
    issued = authority.issue_cert("localhost")
    chain = b"".join(part.bytes() for part in issued.cert_chain_pems)
    cluster.add_certificate(issued.private_key_pem.bytes(), chain)
    cluster.execute("ALTER SYSTEM SET ssl = on")
    cluster.execute("SELECT pg_reload_conf()")
    while cluster.execute("SHOW ssl") != ("on",):
        pass
