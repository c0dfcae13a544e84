"""A lock on a folder: one driver at a time, named by host and process, so that a dead one's is known for dead."""

import json
import os
import platform
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from sim.errors import EnvironmentMistake

LOCK = "lock"


class Lock:
    """Held while a `with` lasts. EnvironmentMistake says who holds it; that of a dead process on this host is taken over."""

    def __init__(self, folder: Path) -> None:
        """The lock of a folder that is there."""
        self.path = folder / LOCK

    def __enter__(self) -> "Lock":
        """Take it, or refuse."""
        if not self.taken() and not (self.freed() and self.taken()):
            owner = self.owner()
            who = f"process {owner.get('pid')} on {owner.get('host')}"
            folder = self.path.parent.parent
            raise EnvironmentMistake(f"--out: {folder} is being written by {who}; if none runs there, delete {self.path}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Give it back."""
        with suppress(OSError):
            self.path.unlink()

    def taken(self) -> bool:
        """Whether the lock is ours now: it appears whole under its name, or not at all."""
        mine = self.path.with_name(f".{LOCK}.{os.getpid()}")
        mine.write_text(json.dumps(identity()), encoding="utf-8")
        try:
            os.link(mine, self.path)
        except FileExistsError:
            return False
        finally:
            mine.unlink()
        return True

    def owner(self) -> dict[str, Any]:
        """Who holds it; empty where that cannot be read."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def freed(self) -> bool:
        """Set a dead process's lock aside; True where the way is free. Of two who try at once, one gets it."""
        owner = self.owner()
        if alive(owner):
            return False
        aside = self.path.with_name(f".{LOCK}.dead.{os.getpid()}")
        try:
            os.rename(self.path, aside)
        except FileNotFoundError:
            return True  # given back meanwhile
        found = json.loads(aside.read_text(encoding="utf-8") or "{}")
        if found != owner:  # another took the dead one's place before us: give it back
            with suppress(FileExistsError):
                os.link(aside, self.path)
        aside.unlink()
        return bool(found == owner)


def identity() -> dict[str, Any]:
    """This process: host, number, and when it began, for numbers are used again."""
    return {"host": platform.node(), "pid": os.getpid(), "began_s": psutil.Process().create_time()}


def alive(owner: dict[str, Any]) -> bool:
    """Whether the owner may still run; one on another host, or one that cannot be read, may."""
    if not owner or owner.get("host") != platform.node():
        return True
    try:
        return bool(abs(psutil.Process(owner["pid"]).create_time() - owner["began_s"]) < 1.0)
    except psutil.AccessDenied:
        return True
    except (psutil.NoSuchProcess, KeyError, TypeError, ValueError):
        return False
