"""Knowledge graph tooling for care organisations."""
