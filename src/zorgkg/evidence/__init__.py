"""Evidence: the assertions behind an answer, and for each of them who says it and where."""
