"""Databases of a test's own, on the PostgreSQL that the tests share."""

from uuid import uuid4

import psycopg
from psycopg import sql


class Databases:
    """Makes them, empty or migrated."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def empty(self) -> str:
        return self._make("template1")

    def migrated(self) -> str:
        return self._make("obt_template")

    def _make(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        with psycopg.connect(self._uri, autocommit=True) as connection:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            connection.execute(made)
        base, _, query = self._uri.partition("?")
        return f"{base.rpartition('/')[0]}/{name}?{query}"
