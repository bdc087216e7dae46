"""Parquet as a table."""

from __future__ import annotations

from io import BytesIO

from zorgkg.tables import records
from zorgkg.tables.archives import MOST_UNPACKED
from zorgkg.tables.table import MOST_ROWS, Table
from zorgkg.tables.told import BadTable, Told


def read(body: bytes) -> Table:
    """Read a table.

    :param body: the file.
    :raises BadTable: it cannot be read, or is too large when it is unpacked.
    """
    # Here, for a server that reads none starts without it.
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(BytesIO(body))
        told = file.metadata
        size = sum(told.row_group(index).total_byte_size for index in range(told.num_row_groups))
        if told.num_rows > MOST_ROWS:
            raise BadTable(Told("rows", {"most": MOST_ROWS}))
        if size > MOST_UNPACKED:
            raise BadTable(Told("bomb", {"most": MOST_UNPACKED}))
        rows = file.read().to_pylist()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BadTable(Told("not-parquet")) from error
    return records.of(enumerate(rows, 1), [])
