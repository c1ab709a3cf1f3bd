"""One entry as people read it: the model that pages, terminal and search share."""
