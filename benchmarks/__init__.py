"""What JusticeGraph costs: seconds from nothing to an answer, seconds and memory for many files."""
