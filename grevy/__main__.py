"""`python -m grevy` is the `grevy` command."""

from grevy.cli import main

main()
