"""From documents and defaults to sites: what is meant, with every contradiction refused."""
