"""`python -m zorgkg`: the command line."""

from zorgkg.start import entry

entry()
