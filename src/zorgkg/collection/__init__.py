"""Collections: the things of one kind as flat records, found by filters and words, and one thing with all about it."""
