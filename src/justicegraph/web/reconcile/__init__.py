"""The pages and the API of reconciliation."""
