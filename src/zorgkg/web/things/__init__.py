"""Pages and records of things: what is said of each, by whom, and where; `/id`, `/doc`, and the evidence."""
