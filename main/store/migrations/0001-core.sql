-- Runs, shelves, registry, access, audit and outbox. Times are ISO 8601 in UTC; JSON columns are parsed by the repository that reads them.

CREATE TABLE runs (
  run          TEXT PRIMARY KEY,
  name         TEXT,
  -- A run that never came so far as to make its folder gives it up to a later one.
  directory    TEXT NOT NULL,
  state        TEXT NOT NULL,
  priority     INTEGER NOT NULL DEFAULT 0,
  created      TEXT NOT NULL,
  -- When it was put into the queue last: among equals the oldest goes first.
  queued       TEXT NOT NULL,
  started      TEXT,
  ended        TEXT,
  model        TEXT NOT NULL,
  data         TEXT NOT NULL,
  -- JSON: what was asked for (TrainingRequest), what it will take (Plan), what came of it (TrainResult or WireError).
  request      TEXT NOT NULL,
  plan         TEXT,
  result       TEXT,
  error        TEXT,
  step         INTEGER NOT NULL DEFAULT 0,
  steps        INTEGER,
  loss         REAL,
  eval_loss    REAL,
  -- How many processes were started for it: the fencing number of the next is one higher.
  attempt      INTEGER NOT NULL DEFAULT 0,
  -- Automatic restarts since somebody last asked for it to go on.
  restarts     INTEGER NOT NULL DEFAULT 0,
  -- 1: goes on from its checkpoint when it is queued, and by itself where that is wanted; 0: from the beginning, or not by itself.
  resume       INTEGER NOT NULL DEFAULT 0,
  allow_drift  INTEGER NOT NULL DEFAULT 0,
  revision     INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX runs_by_state ON runs (state, priority DESC, queued);
CREATE INDEX runs_by_folder ON runs (directory);
CREATE INDEX runs_by_creation ON runs (created DESC);

CREATE TABLE run_steps (
  run                TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  step               INTEGER NOT NULL,
  loss               REAL NOT NULL,
  learning_rate      REAL NOT NULL,
  grad_norm          REAL NOT NULL,
  tokens             INTEGER NOT NULL,
  tokens_per_second  REAL NOT NULL,
  rss_bytes          INTEGER NOT NULL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_evaluations (
  run        TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  step       INTEGER NOT NULL,
  eval_loss  REAL NOT NULL,
  best       INTEGER NOT NULL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;

-- What events.jsonl tells besides steps and evaluations: notes, samples, checkpoints, waits, how it ended. JSON: RunLogLine.
CREATE TABLE run_lines (
  line  INTEGER PRIMARY KEY,
  run   TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  body  TEXT NOT NULL
) STRICT;
CREATE INDEX run_lines_by_run ON run_lines (run, line);

CREATE TABLE shelf (
  kind      TEXT NOT NULL CHECK (kind IN ('model', 'dataset')),
  name      TEXT NOT NULL,
  path      TEXT NOT NULL,
  -- 1: the files are in LATHE_HOME and go with the entry; 0: they stay where they are.
  is_copy   INTEGER NOT NULL,
  bytes     INTEGER NOT NULL,
  sha256    TEXT NOT NULL,
  added     TEXT NOT NULL,
  -- JSON: what `lathe inspect` tells of it.
  facts     TEXT NOT NULL,
  revision  INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX shelf_by_hash ON shelf (sha256);

CREATE TABLE versions (
  name         TEXT NOT NULL,
  version      TEXT NOT NULL,
  -- Sorts as the versions do.
  precedence   TEXT NOT NULL,
  state        TEXT NOT NULL,
  description  TEXT NOT NULL,
  directory    TEXT NOT NULL,
  created      TEXT NOT NULL,
  run          TEXT,
  base_name    TEXT NOT NULL,
  base_sha256  TEXT,
  data_sha256  TEXT,
  -- Everything that a search for a piece of text looks at, in small letters.
  words        TEXT NOT NULL,
  -- JSON: VersionRecord, as in the version's own folder.
  record       TEXT NOT NULL,
  revision     INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_precedence ON versions (name, precedence DESC);
CREATE INDEX versions_by_run ON versions (run);
-- Read from end to end by a search for text, which so leaves the records alone.
CREATE INDEX versions_by_words ON versions (words);
CREATE INDEX versions_by_base ON versions (base_name, name, precedence DESC);
CREATE INDEX versions_by_base_hash ON versions (base_sha256);

CREATE TABLE version_metrics (
  name     TEXT NOT NULL,
  version  TEXT NOT NULL,
  metric   TEXT NOT NULL,
  value    REAL NOT NULL,
  PRIMARY KEY (metric, name, version),
  FOREIGN KEY (name, version) REFERENCES versions (name, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX version_metrics_by_value ON version_metrics (metric, value);

CREATE TABLE tags (
  name     TEXT NOT NULL,
  tag      TEXT NOT NULL,
  version  TEXT NOT NULL,
  PRIMARY KEY (name, tag),
  FOREIGN KEY (name, version) REFERENCES versions (name, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX tags_by_tag ON tags (tag);
CREATE INDEX tags_by_version ON tags (name, version);

-- Where a tag has been and which states a version has had; only added to.
CREATE TABLE version_history (
  entry    INTEGER PRIMARY KEY,
  name     TEXT NOT NULL,
  -- null: the tag was taken away.
  version  TEXT,
  kind     TEXT NOT NULL CHECK (kind IN ('state', 'tag')),
  -- The tag, or the state it came into.
  value    TEXT NOT NULL,
  previous TEXT,
  at       TEXT NOT NULL,
  actor    TEXT NOT NULL,
  reason   TEXT
) STRICT;
CREATE INDEX version_history_by_name ON version_history (name, version, kind, entry);
CREATE INDEX version_history_of_tags ON version_history (name, kind, entry);

-- Runs that shall become a version when they are done. JSON: VersionWords, Actor.
CREATE TABLE planned_versions (
  run    TEXT PRIMARY KEY,
  words  TEXT NOT NULL,
  actor  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  role       TEXT NOT NULL,
  -- SHA-256 of the token, which is itself 256 bits of chance.
  hash       TEXT NOT NULL UNIQUE,
  created    TEXT NOT NULL,
  expires    TEXT,
  last_used  TEXT,
  revoked    TEXT
) STRICT;

-- Answers to POST requests that carried an Idempotency-Key.
CREATE TABLE answers (
  caller   TEXT NOT NULL,
  key      TEXT NOT NULL,
  request  TEXT NOT NULL,
  status   INTEGER NOT NULL,
  body     TEXT NOT NULL,
  at       TEXT NOT NULL,
  PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  key    TEXT PRIMARY KEY,
  value  TEXT NOT NULL,
  at     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  seq       INTEGER PRIMARY KEY,
  at        TEXT NOT NULL,
  -- JSON: Actor.
  actor     TEXT NOT NULL,
  action    TEXT NOT NULL,
  subject   TEXT NOT NULL,
  -- JSON, or null.
  before    TEXT,
  after     TEXT,
  previous  TEXT NOT NULL,
  hash      TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

-- What HANA has not seen yet. Written in the transaction of the fact.
CREATE TABLE outbox (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  entity      TEXT NOT NULL,
  entity_id   TEXT NOT NULL,
  -- Version of the payload's schema.
  schema      INTEGER NOT NULL,
  payload     TEXT NOT NULL,
  at          TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'parked')),
  attempts    INTEGER NOT NULL DEFAULT 0,
  problem     TEXT
) STRICT;
CREATE UNIQUE INDEX outbox_coalesced ON outbox (entity, entity_id) WHERE state = 'pending';
