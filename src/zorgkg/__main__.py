"""`python -m zorgkg`: the command line."""

from zorgkg.cli import entry

entry()
