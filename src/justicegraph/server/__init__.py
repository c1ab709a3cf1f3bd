"""The server: requests to workers and pages, metrics and logs."""
