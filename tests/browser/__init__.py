"""What a reader does and sees, in a real browser against a real server on our own graph."""
