"""`python -m sitecert`."""

from sitecert.cli import main

main()
