"""Registers of 100,000 rows and more: records are linked as tables, by Splink on DuckDB or on Spark.

Splink (MIT licence) learns from the tables themselves how much it says that names, places or numbers agree
(Fellegi-Sunter). It is an extra: `pip install 'zorgkg[registers]'`, with Spark `'zorgkg[spark]'`. What it finds is
compared once more as single names are (:mod:`zorgkg.matching.features`), so that a match means the same everywhere.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import groupby
from typing import Any, Final

from zorgkg.matching import blocks, scoring
from zorgkg.matching.features import Wanted
from zorgkg.matching.phrases import WEAK
from zorgkg.matching.places import Places
from zorgkg.matching.record import Record
from zorgkg.matching.scoring import Candidate

MANY: Final = 100_000
"""Rows from which on tables are linked instead of row by row."""

LEAST: Final = 0.05
"""The least probability of a pair that is compared once more."""

_KEPT: Final = 5
"""Pairs of a row that are compared once more."""

_SAMPLE: Final = 1_000_000
"""Pairs of which it is learnt how often things agree by chance."""

_SEED: Final = 2026
_COLUMNS: Final = ("unique_id", "name", "start", "longest", "kind", "area", "postcode", "kbo")


_LOCAL: Final = {"spark.sql.shuffle.partitions": "4", "spark.sql.adaptive.enabled": "true"}
"""For a Spark of few processors; a cluster has its own."""


class NotInstalled(Exception):
    """What this needs is not installed; the message says how to get it."""


@dataclass(frozen=True)
class Pair:
    """Two records that may be one.

    :param wanted: of the table that is linked.
    :param candidate: of the other, with score, features, and whether it is a match.
    :param probability: that they are one, as Splink learnt it.
    """

    wanted: Record
    candidate: Candidate
    probability: float


def link(
    wanted: Iterable[Record], others: Iterable[Record], places: Places, api: Callable[[], Any] | None = None
) -> Iterator[Pair]:
    """Link two tables.

    :param wanted: the table that is linked.
    :param others: what its rows may mean.
    :param places: of the graph.
    :param api: makes the Splink back end; None: DuckDB, in this process. See :func:`spark`.
    :returns: for each row that may mean something the best pairs, by descending score; the first may be a match.
    :raises NotInstalled: Splink is not there.
    """
    left, right = {one.id: one for one in wanted}, {one.id: one for one in others}
    if not left or not right:
        return
    backend = (api or duckdb)()
    found = _pairs(backend, _table(left.values(), places), _table(right.values(), places))
    for row, pairs in groupby(sorted(found), key=lambda pair: pair[0]):
        best = sorted(pairs, key=lambda pair: -pair[2])[:_KEPT]
        asked = Wanted(left[row], places)
        compared = [(right[other], asked.compare(right[other])) for _, other, _ in best if asked.may_mean(right[other])]
        probabilities = {other: probability for _, other, probability in best}
        for one in scoring.rank(compared, _KEPT):
            yield Pair(left[row], one, round(probabilities[one.record.id], 4))


def duckdb() -> Any:
    """Return the back end that computes in this process.

    :raises NotInstalled: Splink is not there.
    """
    return _import("splink", "registers").DuckDBAPI()


@contextmanager
def spark(master: str = "local[*]", options: Mapping[str, str] | None = None) -> Iterator[Callable[[], Any]]:
    """Run a Spark session, and give what makes its back end.

    :param master: where Spark computes: `local[*]`, or the address of a cluster.
    :param options: further settings of the session; of a cluster, for example `spark.sql.shuffle.partitions`.
    :raises NotInstalled: Splink or Spark is not there.
    """
    location = _import("splink.internals.spark.jar_location", "spark").similarity_jar_location
    builder = _import("pyspark.sql", "spark").SparkSession.builder.master(master).appName("zorgkg")
    # Names are compared by functions that Splink brings for Spark.
    settings = {"spark.jars": location(), "spark.ui.enabled": "false", "spark.log.level": "ERROR", **_LOCAL}
    for name, value in {**settings, **(options or {})}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        with tempfile.TemporaryDirectory(prefix="zorgkg-spark-") as folder:
            # What is computed is written there between two steps: else Spark would compute it again for each.
            session.sparkContext.setCheckpointDir(folder)
            partitions = int(session.conf.get("spark.sql.shuffle.partitions"))
            yield lambda: _import("splink", "spark").SparkAPI(
                spark_session=session, num_partitions_on_repartition=partitions
            )
    finally:
        session.stop()


def settings() -> Any:
    """Return the model: the same on every back end."""
    splink = _import("splink", "registers")
    compare = _import("splink.comparison_library", "registers")
    block_on = splink.block_on
    return splink.SettingsCreator(
        link_type="link_only",
        unique_id_column_name="unique_id",
        comparisons=[
            compare.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]),
            compare.ExactMatch("area"),
            compare.ExactMatch("postcode"),
            compare.ExactMatch("kind"),
            compare.ExactMatch("kbo"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("kbo"),
            block_on("area", "start"),
            block_on("area", "kind"),
            block_on("postcode", "start"),
            block_on("longest", "kind"),
            block_on("name"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _pairs(backend: Any, left: dict[str, list[Any]], right: dict[str, list[Any]]) -> list[tuple[str, str, float]]:
    """Learn the model, and return the pairs that it finds: both ids and the probability."""
    splink = _import("splink", "registers")
    tables = [
        backend.register(table, dataset_display_name=name) for name, table in (("wanted", left), ("other", right))
    ]
    linker = splink.Linker(tables, settings(), log_level=logging.ERROR)
    block_on = splink.block_on
    linker.training.estimate_probability_two_random_records_match(
        [block_on("kbo"), block_on("name", "area")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=_SAMPLE, seed=_SEED)
    # Each is learnt from pairs that agree on something else.
    for rule in (block_on("name", "kind"), block_on("area", "start")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    found = linker.inference.predict(threshold_match_probability=LEAST).as_record_list()
    pairs: list[tuple[str, str, float]] = []
    for row in found:
        ids = {row["source_dataset_l"]: row["unique_id_l"], row["source_dataset_r"]: row["unique_id_r"]}
        pairs.append((ids["wanted"], ids["other"], float(row["match_probability"])))
    return pairs


def _table(records: Iterable[Record], places: Places) -> dict[str, list[Any]]:
    """Return records as columns, their names made alike: both tables have the same words for the same."""
    table: dict[str, list[Any]] = {column: [] for column in _COLUMNS}
    for one in records:
        asked = Wanted(one, places)
        name = asked.names[0] if asked.names else None
        own = sorted(name.without(asked.municipalities)) if name else []
        strong = [word for word in own if word not in WEAK] or own
        kinds = (name.name.kinds if name else frozenset()) or frozenset(blocks.slugs(one))
        place = min(asked.municipalities, default=None)
        area = min(places.family(place)) if place else None
        values = {
            "unique_id": one.id,
            "name": " ".join(strong) or "-",
            "start": (strong[0] if strong else "-")[:3],
            "longest": max(strong, key=len, default="-"),
            "kind": min(kinds, default=None),
            "area": area,
            "postcode": one.postcode,
            "kbo": dict(one.identifiers).get("kbo"),
        }
        for column in _COLUMNS:
            table[column].append(values[column])
    return table


def _import(module: str, extra: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        detail = f"linking a register needs {module.partition('.')[0]}: pip install 'zorgkg[{extra}]'"
        raise NotInstalled(detail) from error
