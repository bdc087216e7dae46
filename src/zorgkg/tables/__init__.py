"""Tables that people hand in (xlsx, csv, json, parquet), read into rows of text that know where they come from."""
