"""Reconcile tables: match each row with a target, on the command line, as a service, or by another service."""
