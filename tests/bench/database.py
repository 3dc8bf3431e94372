"""The benchmark's own database beside the portal's: never the portal's itself, whatever DATABASE_URL names."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg2

DEFAULT = "postgres://root@127.0.0.1:5432/portal_bench"
ENDING = "_bench"


class NoDatabase(Exception):
    """PostgreSQL does not answer or is not PostgreSQL; the message says what to do."""


def url() -> str:
    """DATABASE_URL with '_bench' after the database's name, so that real data is never touched."""
    parts = urlsplit(os.environ.get("DATABASE_URL") or DEFAULT)
    if parts.scheme not in ("postgres", "postgresql"):
        raise NoDatabase(
            f"The benchmark needs PostgreSQL. DATABASE_URL begins with {parts.scheme}://; unset it or name a server."
        )
    name = parts.path.strip("/") or "portal"
    return urlunsplit(parts._replace(path="/" + (name if name.endswith(ENDING) else name + ENDING)))


def create(address: str, *, fresh: bool) -> None:
    """Make the database if it is missing; with `fresh`, make it again."""
    name = urlsplit(address).path.strip("/")
    try:
        connection = psycopg2.connect(urlunsplit(urlsplit(address)._replace(path="/postgres")), connect_timeout=5)
    except psycopg2.OperationalError as error:
        raise NoDatabase(f"PostgreSQL does not answer at {urlsplit(address).hostname}: {error}") from None
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        there = cursor.fetchone()
        if there and fresh:
            cursor.execute(f'DROP DATABASE "{name}"')
        if fresh or not there:
            cursor.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    connection.close()
