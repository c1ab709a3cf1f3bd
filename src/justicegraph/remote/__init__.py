"""Other servers as places to ask: one request at a time, with a deadline, and answers checked."""

from justicegraph.remote.client import Client, Trouble
from justicegraph.remote.exchange import AGENT, agent_of
from justicegraph.remote.store import LONG, Unfinished, remote_store

__all__ = ["AGENT", "LONG", "Client", "Trouble", "Unfinished", "agent_of", "remote_store"]
