"""Run the tests on PostgreSQL: the server named, or one on this machine, or a loud line."""

import os
import subprocess
import sys

import psycopg

CANDIDATES = (
    "postgres://root@127.0.0.1:5432/postgres",
    "postgres://postgres@127.0.0.1:5432/postgres",
    "postgres:///postgres",
)


def reachable() -> str | None:
    """The first address that answers: what is set, else the usual places on this machine."""
    named = os.environ.get("CONVOCA_TEST_DATABASE_URL")
    for url in [named] if named else CANDIDATES:
        try:
            psycopg.connect(url.replace("postgres://", "postgresql://"), connect_timeout=3).close()
        except psycopg.Error as error:
            if named:
                sys.exit(f"CONVOCA_TEST_DATABASE_URL does not answer: {error}")
            continue
        return url
    return None


def main() -> int:
    """Hand the arguments on to pytest, with the server's address in the environment."""
    url = reachable()
    if url is None:
        line = "!" * 78
        print(f"{line}\n!! NOT TESTED ON POSTGRESQL: no server answers on this machine.\n{line}")
        return 0
    environ = {**os.environ, "CONVOCA_TEST_DATABASE_URL": url}
    return subprocess.call([sys.executable, "-m", "pytest", *sys.argv[1:]], env=environ)


if __name__ == "__main__":
    sys.exit(main())
