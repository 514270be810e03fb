-- The connection that has been told of everything there was when it was made; facts that came later are in the outbox.
CREATE TABLE connections (
  id     TEXT PRIMARY KEY,
  since  TEXT NOT NULL
) STRICT;
