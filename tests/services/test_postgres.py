from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy

from tests.services.guarded import ServiceError
from tests.services.orphans import ends, orphaned_pid
from tests.services.postgres import PostgresServer, database_name, running_postgres


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres(fsync="off") as server:
        yield server


def ask(url: str, question: str) -> object:
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.begin() as connection:
            return connection.execute(sqlalchemy.text(question)).scalar()
    finally:
        engine.dispose()


def test_answers_through_its_socket_alone(server: PostgresServer) -> None:
    assert str(ask(server.url(), "SELECT version()")).startswith("PostgreSQL")
    assert ask(server.url(), "SHOW listen_addresses") == ""
    assert ask(server.url(), "SHOW fsync") == "off"
    assert ask(server.url(), "SHOW server_encoding") == "UTF8"


def test_a_database_is_a_copy_of_its_template(server: PostgresServer) -> None:
    template = server.create_database()
    with psycopg.connect(template.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE lots (name text)")
        connection.execute("INSERT INTO lots VALUES ('invented')")
    copy = server.create_database(database_name(template))
    assert ask(copy, "SELECT name FROM lots") == "invented"


def test_a_database_is_dropped_despite_its_connections(server: PostgresServer) -> None:
    url = server.create_database()
    with server.connection(database_name(url)) as connection:
        server.drop_database(url)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(sqlalchemy.exc.OperationalError, match="does not exist"):
        ask(url, "SELECT 1")


def test_is_durable_unless_told_otherwise_and_leaves_nothing() -> None:
    with running_postgres() as server:
        assert ask(server.url(), "SHOW fsync") == "on"
        pid = server.pid
        assert server.sockets.exists()
    assert ends(pid)
    assert not server.sockets.exists()


def test_says_what_it_printed_when_it_cannot_start() -> None:
    with pytest.raises(ServiceError, match="shared_buffers"), running_postgres(shared_buffers="nonsense"):
        pass


def test_dies_with_its_asker() -> None:
    program = (
        "import sys\n"
        "from tests.services.postgres import running_postgres\n"
        "with running_postgres(fsync='off') as server:\n"
        "    print(server.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    assert ends(orphaned_pid(program))
