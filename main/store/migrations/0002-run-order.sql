-- Lists of runs go by time and then by the order in which they came; an index read from its end has both.
DROP INDEX runs_by_creation;
CREATE INDEX runs_by_creation ON runs (created);
