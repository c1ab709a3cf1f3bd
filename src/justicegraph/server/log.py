"""The log: one JSON object a line, without addresses of readers, and without queries unless the operator wants them."""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import IO, Any

import orjson


class Log:
    """Writes events, and on request also each HTTP request and the text of each query."""

    def __init__(
        self, *, requests: bool = False, queries: bool = False, file: IO[bytes] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self.requests, self.queries = requests or queries, queries
        self._file, self._clock = file or sys.stderr.buffer, clock

    def write(self, event: str, details: Mapping[str, Any]) -> None:
        """Write one event. If the disk or the pipe refuses it, the event is lost and the server goes on."""
        now = self._clock().isoformat(timespec="milliseconds")
        line = orjson.dumps({"time": now, "event": event, **details}, option=orjson.OPT_APPEND_NEWLINE)
        try:
            self._file.write(line)
            self._file.flush()
        except OSError:
            pass
