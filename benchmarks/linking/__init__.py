"""Train and measure the matcher of justicegraph.linking.match, with the organizations of ../shared/linking."""
