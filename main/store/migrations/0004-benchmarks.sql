-- A benchmark run: some subjects on some tasks. JSON: BenchmarkRequest, WireError, ScoreDrop[].
CREATE TABLE benchmark_runs (
  run       TEXT PRIMARY KEY,
  dir       TEXT NOT NULL,
  state     TEXT NOT NULL,
  request   TEXT NOT NULL,
  created   TEXT NOT NULL,
  -- Its place in the queue; a run that is gone on with stands at the end.
  queued    TEXT NOT NULL,
  started   TEXT,
  ended     TEXT,
  schedule  TEXT,
  slot      TEXT,
  drops     TEXT NOT NULL DEFAULT '[]',
  error     TEXT,
  revision  INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX benchmark_runs_by_creation ON benchmark_runs (created);
CREATE INDEX benchmark_runs_by_schedule ON benchmark_runs (schedule, created);

-- One subject on one task. JSON: BenchmarkSubject, BenchmarkTask, BenchmarkResult, WireError.
CREATE TABLE benchmark_scores (
  score          TEXT PRIMARY KEY,
  run            TEXT NOT NULL REFERENCES benchmark_runs (run) ON DELETE CASCADE,
  position       INTEGER NOT NULL,
  label          TEXT NOT NULL,
  subject        TEXT NOT NULL,
  version_name   TEXT,
  version        TEXT,
  task           TEXT NOT NULL,
  declared       TEXT NOT NULL,
  data           TEXT NOT NULL,
  state          TEXT NOT NULL,
  done           INTEGER NOT NULL DEFAULT 0,
  total          INTEGER,
  started        TEXT,
  ended          TEXT,
  -- What makes two subjects, and two ways of scoring, the same; null until it is done.
  model_sha256   TEXT,
  adapter_sha256 TEXT,
  settings_key   TEXT,
  result         TEXT,
  error          TEXT,
  UNIQUE (run, position)
) STRICT;
CREATE INDEX benchmark_scores_alike ON benchmark_scores (task, settings_key, model_sha256, adapter_sha256, ended);
CREATE INDEX benchmark_scores_by_version ON benchmark_scores (version_name, version, task);
CREATE INDEX benchmark_scores_by_end ON benchmark_scores (ended);

-- Rules of the gate. `name` is a model's; empty: of every model that has none of its own. JSON: GatesConfig, partly.
CREATE TABLE gates (
  name   TEXT PRIMARY KEY,
  rules  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the gate said when a version was approved. JSON: KeptVerdict.
ALTER TABLE version_history ADD COLUMN gate TEXT;

-- JSON: ScheduleRules, Actor.
CREATE TABLE schedules (
  name      TEXT PRIMARY KEY,
  rules     TEXT NOT NULL,
  enabled   INTEGER NOT NULL,
  created   TEXT NOT NULL,
  actor     TEXT NOT NULL,
  -- Times up to here have been dealt with.
  since     TEXT NOT NULL,
  revision  INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- What became of each time: the key is what keeps one time from being used twice.
CREATE TABLE schedule_slots (
  schedule  TEXT NOT NULL,
  slot      TEXT NOT NULL,
  at        TEXT NOT NULL,
  outcome   TEXT NOT NULL CHECK (outcome IN ('started', 'missed', 'overlapped', 'failed')),
  run       TEXT,
  problem   TEXT,
  PRIMARY KEY (schedule, slot)
) STRICT, WITHOUT ROWID;
