"""Links from our entries to what is the same elsewhere: candidates to be reviewed, and decisions on them."""
