"""One reviewed YAML file per site, compiled into everything that a certificate change needs."""

__version__ = "0.1.0"
