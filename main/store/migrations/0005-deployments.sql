-- JSON: Target, ServerReport[], DriftFinding[].
CREATE TABLE targets (
  name      TEXT PRIMARY KEY,
  target    TEXT NOT NULL,
  reports   TEXT NOT NULL DEFAULT '[]',
  drift     TEXT NOT NULL DEFAULT '[]',
  revision  INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- JSON: DeploymentConfig, Actor, WireError; `previous` by server; `plan` is what its steps need besides.
CREATE TABLE deployments (
  deployment  TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  version     TEXT NOT NULL,
  target      TEXT NOT NULL,
  environment TEXT NOT NULL,
  alias       TEXT NOT NULL,
  served_as   TEXT NOT NULL,
  strategy    TEXT NOT NULL,
  state       TEXT NOT NULL,
  -- While it goes on: the key that lets one deployment at a time have an alias of a target.
  active      INTEGER NOT NULL CHECK (active IN (0, 1)),
  traffic     REAL NOT NULL DEFAULT 0,
  question    TEXT,
  created     TEXT NOT NULL,
  ended       TEXT,
  actor       TEXT NOT NULL,
  config      TEXT NOT NULL,
  plan        TEXT NOT NULL,
  previous    TEXT NOT NULL,
  error       TEXT,
  -- The last moment at which it was known to go on: after a break its age decides whether it goes on or back.
  seen        TEXT NOT NULL,
  revision    INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX deployments_one_at_a_time ON deployments (target, alias) WHERE active = 1;
CREATE INDEX deployments_by_creation ON deployments (created);
CREATE INDEX deployments_by_version ON deployments (name, version);

-- JSON: string[], evidence.
CREATE TABLE deployment_steps (
  deployment  TEXT NOT NULL REFERENCES deployments (deployment) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  server      TEXT,
  words       TEXT NOT NULL,
  calls       TEXT NOT NULL,
  traffic     REAL,
  state       TEXT NOT NULL,
  started     TEXT,
  ended       TEXT,
  evidence    TEXT NOT NULL DEFAULT '{}',
  problem     TEXT,
  PRIMARY KEY (deployment, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE deployment_samples (
  entry       INTEGER PRIMARY KEY,
  deployment  TEXT NOT NULL REFERENCES deployments (deployment) ON DELETE CASCADE,
  at          TEXT NOT NULL,
  server      TEXT NOT NULL,
  side        TEXT NOT NULL CHECK (side IN ('new', 'previous')),
  ok          INTEGER NOT NULL,
  first_ms    REAL,
  total_ms    REAL NOT NULL,
  problem     TEXT
) STRICT;
CREATE INDEX deployment_samples_by_deployment ON deployment_samples (deployment, entry);

-- What answered under an alias; `until` is filled in once, nothing else ever changes.
CREATE TABLE servings (
  entry       INTEGER PRIMARY KEY,
  target      TEXT NOT NULL,
  server      TEXT NOT NULL,
  alias       TEXT NOT NULL,
  name        TEXT,
  version     TEXT,
  served_as   TEXT NOT NULL,
  share       REAL NOT NULL,
  since       TEXT NOT NULL,
  until       TEXT,
  deployment  TEXT,
  strategy    TEXT,
  actor       TEXT,
  reason      TEXT NOT NULL
) STRICT;
CREATE INDEX servings_by_alias ON servings (target, alias, since);
