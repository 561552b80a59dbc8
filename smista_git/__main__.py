"""Lets ``python -m smista_git`` run the command line."""

from smista_git.cli.main import main

if __name__ == "__main__":
    main()
