"""From dataset packages to a published version: map, link, derive, validate, publish."""
