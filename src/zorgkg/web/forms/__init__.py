"""The forms in which answers are given: how a request chooses one, and how each is written."""
