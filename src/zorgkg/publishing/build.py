"""Build: the one way from the folders to a published version."""

from __future__ import annotations

from datetime import UTC, datetime

from pyoxigraph import DefaultGraph, Store

from zorgkg.content import Content
from zorgkg.datasets.problems import InvalidData
from zorgkg.engine.embedded import merge
from zorgkg.publishing import candidate as candidates
from zorgkg.publishing import validation
from zorgkg.publishing.candidate import Candidate, Progress
from zorgkg.publishing.versions import Home, Manifest


def check(content: Content, progress: Progress, language: str = "en") -> tuple[Candidate, validation.Report]:
    """Make a candidate and validate it; publish nothing.

    :param content: the folders of ontology, datasets and questions.
    :param progress: told after each step.
    :param language: language of the messages of invalid data.
    :returns: the candidate and its report, which conforms.
    :raises InvalidData: the data is malformed or does not conform to the shapes.
    """
    made = candidates.make(content, progress)
    report = validation.validate(made.union(), validation.read_shapes(content.ontology / "shapes"))
    progress("validation", 1, 1)
    if not report.conforms:
        raise InvalidData(validation.trace(report.results(language), made.packages))
    return made, report


def build(content: Content, home: Home, progress: Progress, language: str = "en") -> Manifest:
    """Build and publish a version. What was published before stays when anything goes wrong.

    :param content: the folders of ontology, datasets and questions.
    :param home: where versions are published.
    :param progress: told after each step.
    :param language: language of the messages of invalid data.
    :returns: the manifest of the new version.
    :raises InvalidData: the data is malformed or does not conform to the shapes; nothing was published.
    :raises zorgkg.publishing.versions.Busy: another process is publishing.
    """
    with home.publishing() as folder:
        made, report = check(content, progress, language)
        store = Store(str(folder / "store"))
        store.bulk_extend(made.store)
        merge(store)
        store.flush()
        triples = sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))
        del store
        report.graph.serialize(folder / "report.ttl", format="turtle")
        now = datetime.now(UTC)
        sha256 = made.sha256()
        counts = made.counts()
        manifest = Manifest(
            id=f"{now:%Y%m%dT%H%M%S%f}Z-{sha256[:8]}",
            created=now.isoformat(timespec="seconds"),
            statements=sum(counts.values()),
            triples=triples,
            sha256=sha256,
            datasets=counts,
            derived=made.derived,
        )
        home.publish(folder, manifest)
        progress("published", 1, 1)
    return manifest
