-- JSON: HanaConnection. `chosen`: the one that facts are told to; at most one.
CREATE TABLE hana_connections (
  name        TEXT PRIMARY KEY,
  connection  TEXT NOT NULL,
  chosen      INTEGER NOT NULL DEFAULT 0 CHECK (chosen IN (0, 1)),
  revision    INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX hana_connections_one_chosen ON hana_connections (chosen) WHERE chosen = 1;

-- What HANA has, as it was last seen from here: the base of the next operation on it. JSON: the payload; null: it was taken away.
CREATE TABLE shared_rows (
  entity      TEXT NOT NULL,
  id          TEXT NOT NULL,
  rev         INTEGER NOT NULL,
  hash        TEXT NOT NULL,
  device      TEXT NOT NULL,
  -- The change number under which HANA took it in.
  seq         INTEGER NOT NULL,
  -- Version of the payload's schema.
  schema      INTEGER NOT NULL,
  payload     TEXT,
  updated_at  TEXT NOT NULL,
  PRIMARY KEY (entity, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shared_rows_by_change ON shared_rows (entity, seq);

-- One row: which device this LATHE_HOME is, and how far it has read.
CREATE TABLE sync_state (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  device      TEXT NOT NULL,
  -- The connection that shared_rows and cursor are of.
  server      TEXT,
  epoch       TEXT,
  cursor      INTEGER NOT NULL DEFAULT 0,
  -- An operation with the change number of the cursor: where HANA has another there, it is not the one that was read.
  landmark    TEXT,
  last_round  TEXT,
  purged      TEXT,
  -- JSON: WireError of the last round.
  problem     TEXT
) STRICT;

-- Operations of one transaction go up together.
ALTER TABLE outbox ADD COLUMN group_id TEXT;
CREATE INDEX outbox_by_entity ON outbox (entity, entity_id);
