"""Conditions: when a node violates a shape, as expressions of SPARQL.

What cannot be told exactly has two: under `sh:not` the one takes the other's place. No expression may end in an error,
which would count as false: what can go wrong stands in COALESCE.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

TRUE: Final = "true"
FALSE: Final = "false"


@dataclass(frozen=True)
class Condition:
    """When a node violates a shape or a constraint: SPARQL expressions.

    :param may: holds wherever it is violated.
    :param must: holds nowhere else.
    """

    may: str
    must: str

    @property
    def negated(self) -> Condition:
        """When a node does not violate it."""
        return Condition(negated(self.must), negated(self.may))


UNKNOWN: Final = Condition(TRUE, FALSE)
NEVER: Final = Condition(FALSE, FALSE)


def exactly(expression: str) -> Condition:
    """Return the condition of what is translated in full."""
    return Condition(expression, expression)


def exists(pattern: str, condition: str) -> str:
    """Return the expression that a pattern has a solution of which a condition holds."""
    if condition == FALSE:
        return FALSE
    return f"EXISTS {{ {pattern} }}" if condition == TRUE else f"EXISTS {{ {pattern} FILTER({condition}) }}"


def negated(expression: str) -> str:
    """Return the contrary of an expression that has no error."""
    return {TRUE: FALSE, FALSE: TRUE}.get(expression, f"!({expression})")


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Return when one of several is violated."""
    listed = list(conditions)
    return Condition(_either([one.may for one in listed]), _either([one.must for one in listed]))


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Return when each of several is violated."""
    listed = [one.negated for one in conditions]
    return any_of(listed).negated


def _either(expressions: Iterable[str]) -> str:
    kept = list(dict.fromkeys(one for one in expressions if one != FALSE))
    return TRUE if TRUE in kept else f"({' || '.join(kept)})" if kept else FALSE
