-- JSON: HanaConnection. `chosen`: the one that facts are told to; at most one.
CREATE TABLE hana_connections (
  name        TEXT PRIMARY KEY,
  connection  TEXT NOT NULL,
  chosen      INTEGER NOT NULL DEFAULT 0 CHECK (chosen IN (0, 1)),
  revision    INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX hana_connections_one_chosen ON hana_connections (chosen) WHERE chosen = 1;
