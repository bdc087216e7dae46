"""Large tables stay workable."""

import time
from collections.abc import Callable

from zorgkg.csvw import TableGroup, statements

Described = Callable[..., TableGroup]


def test_twenty_thousand_rows_of_twelve_columns_take_seconds_not_minutes(described: Described) -> None:
    names = [f"c{i}" for i in range(12)]
    lines = [",".join(names)]
    lines += [
        ",".join([f"id{r}", f'"text, {r}"', str(r), f"{r}.5", *(f"v{r % 7}" for _ in range(8))]) for r in range(20_000)
    ]
    columns: list[dict[str, str]] = [{"name": name} for name in names]
    columns[2]["datatype"], columns[3]["datatype"] = "integer", "decimal"
    columns[4]["valueUrl"] = "https://e.org/{+c4}"
    group = described("\n".join(lines) + "\n", columns, aboutUrl="https://e.org/{c0}", primaryKey="c0")
    start = time.perf_counter()
    assert group.check() == []
    assert sum(1 for _ in statements(group)) == 240_000
    assert time.perf_counter() - start < 20
