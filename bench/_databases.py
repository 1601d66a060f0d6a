"""Empty databases in a running PostgreSQL, and their end."""

from uuid import uuid4

import psycopg

from obt_server.copying.places import Place, place_of


def new_database(uri: str) -> Place:
    """Make one of another name."""
    name = f"copy_{uuid4().hex[:8]}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    base, _, query = uri.partition("?")
    return place_of(f"{base.rpartition('/')[0]}/{name}?{query}")


def drop_database(uri: str, place: Place) -> None:
    """Drop it, whoever is connected."""
    name = place.url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
