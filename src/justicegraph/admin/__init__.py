"""The operator's own pages, on their own port: the reviews of links and of suggestions."""
