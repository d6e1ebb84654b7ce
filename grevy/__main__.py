"""`python -m grevy` is the `grevy` command."""

from grevy.cli import main

if __name__ == "__main__":  # processes that write documents load this module again
    main()
