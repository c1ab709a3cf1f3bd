"""What happened, one JSON object a line: no address of a reader, and no query unless that was asked for."""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import IO, Any

import orjson


class Log:
    """Writes events; each request and the text of queries only where wanted."""

    def __init__(
        self, *, requests: bool = False, queries: bool = False, file: IO[bytes] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self.requests, self.queries = requests or queries, queries
        self._file, self._clock = file or sys.stderr.buffer, clock

    def write(self, event: str, said: Mapping[str, Any]) -> None:
        """Write one event. Where the disk or the pipe refuses, it is lost: serving goes on."""
        now = self._clock().isoformat(timespec="milliseconds")
        line = orjson.dumps({"time": now, "event": event, **said}, option=orjson.OPT_APPEND_NEWLINE)
        try:
            self._file.write(line)
            self._file.flush()
        except OSError:
            pass
