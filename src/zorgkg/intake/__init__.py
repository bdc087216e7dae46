"""Intake: a partner's table becomes a dataset package: recognised, mapped, and told what could not be placed."""
