"""What HTTP and its companions demand of every part that speaks it."""
