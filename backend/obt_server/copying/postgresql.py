"""What is asked of a PostgreSQL alone: is it the right one, may we do what we must, will it keep what it is told."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from obt_server.copying.findings import Finding, bad, good, odd
from obt_server.engines import Limits
from obt_server.schema import metadata

OLDEST_VERSION = 140_000
"""The oldest that its makers still mend."""
_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_BESIDE_POOLS = 4
"""Connections of a server that are in no pool, with room: it listens for events, and takes turns with others."""
_MUST_BE_ON = {
    "fsync": "what was stored is lost when the power goes",
    "full_page_writes": "a power cut may damage the database",
    "synchronous_commit": "what a client was told is stored may be lost in a crash",
    "autovacuum": "tables grow without end",
}


def findings(connection: Connection, limits: Limits, *, has_steps: bool) -> Iterator[Finding]:
    """Yield what is right and wrong with the server, the role and the settings."""
    yield _version(connection)
    yield from _writable(connection)
    yield from _rights(connection, has_steps=has_steps)
    yield from _settings(connection)
    yield _connections(connection, limits)
    yield from _encryption(connection)
    yield from _indices(connection)


def _version(connection: Connection) -> Finding:
    number = int(_show(connection, "server_version_num"))
    found = good if number >= OLDEST_VERSION else odd
    return found("version", f"PostgreSQL {_show(connection, 'server_version')}")


def _writable(connection: Connection) -> Iterator[Finding]:
    if connection.scalar(text("SELECT pg_is_in_recovery()")):
        yield bad("primary", "this is a standby, which can only be read: name the primary")
    elif _show(connection, "default_transaction_read_only") == "on":
        yield bad("primary", "default_transaction_read_only is on: nothing can be stored")
    else:
        yield good("primary", "it can be written to")


def _rights(connection: Connection, *, has_steps: bool) -> Iterator[Finding]:
    role = connection.scalar(text("SELECT current_user"))
    asked = text(
        "SELECT c.relname, p.name FROM pg_class c CROSS JOIN unnest(CAST(:rights AS text[])) AS p(name) "
        "WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(:tables) "
        "AND NOT has_table_privilege(c.oid, p.name) ORDER BY 1, 2"
    )
    lacking = connection.execute(asked, {"rights": list(_RIGHTS), "tables": list(metadata.tables)}).all()
    sequences = text(  # CASE: PostgreSQL may ask for the right first, which fails for what is no sequence
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
        "AND CASE WHEN relkind = 'S' THEN NOT has_sequence_privilege(oid, 'USAGE') ELSE false END ORDER BY 1"
    )
    texts = [f"{right} on {table}" for table, right in lacking]
    texts += [f"USAGE on {name}" for name in connection.scalars(sequences)]
    if texts:
        yield bad("rights", f"the role {role} lacks {', '.join(texts[:8])}{' and more' if len(texts) > 8 else ''}")
    else:
        yield good("rights", f"the role {role} may read and write every table")
    if connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        yield odd("superuser", f"the role {role} is a superuser; a server needs none: docs/postgresql.md")
    if has_steps and not connection.scalar(text("SELECT has_schema_privilege(current_schema(), 'CREATE')")):
        yield bad("migrations", f"the role {role} may not create tables: upgrade with the owner's role")


def _settings(connection: Connection) -> Iterator[Finding]:
    encoding = _show(connection, "server_encoding")
    yield (good if encoding == "UTF8" else bad)("server_encoding", encoding)
    for name, otherwise in _MUST_BE_ON.items():
        value = _show(connection, name)
        if value == "off":
            yield odd(name, f"off: {otherwise}")
    if _show(connection, "TimeZone") != "UTC":
        yield bad("timezone", "the connection is not in UTC: something between drops `options` (PgBouncer?)")


def _connections(connection: Connection, limits: Limits) -> Finding:
    free = int(_show(connection, "max_connections")) - int(_show(connection, "superuser_reserved_connections"))
    each = limits.read_connections_max + limits.write_connections_max + _BESIDE_POOLS
    told = f"a server takes up to {each} of {free}: enough for {free // each} server(s)"
    return (good if free >= each else bad)("max_connections", told)


def _encryption(connection: Connection) -> Iterator[Finding]:
    found = connection.execute(text("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).first()
    is_remote = connection.scalar(
        text("SELECT NOT inet_client_addr() <<= '127.0.0.0/8' AND inet_client_addr() <> '::1'")
    )
    if found is not None and found.ssl:
        yield good("encryption", str(found.version))
    elif is_remote:
        yield odd("encryption", "none, over a network: add sslmode=verify-full to OBT_DATABASE_URL")


def _indices(connection: Connection) -> Iterator[Finding]:
    asked = text(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"
    )
    if names := list(connection.scalars(asked)):
        yield bad("indices", f"not valid: {', '.join(names)}; REINDEX them")


def _show(connection: Connection, name: str) -> str:
    return str(connection.scalar(text("SELECT current_setting(:name)"), {"name": name}))
