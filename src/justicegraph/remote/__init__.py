"""HTTP clients for other servers: one request at a time, before a deadline, and with checks of every response."""

from justicegraph.remote.client import Client, ServiceError
from justicegraph.remote.sparql import LONG_QUERY, Unfinished, remote_endpoint
from justicegraph.remote.transport import USER_AGENT, user_agent

__all__ = ["LONG_QUERY", "USER_AGENT", "Client", "ServiceError", "Unfinished", "remote_endpoint", "user_agent"]
