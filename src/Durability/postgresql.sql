-- What durable pools write, in form 1. Records have their number in their journal as a key: a second writer finds it taken.
CREATE TABLE IF NOT EXISTS journal (
  ordering BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  created BIGINT NOT NULL,
  deleted BOOLEAN NOT NULL,
  persistence_id TEXT NOT NULL,
  sequence_number BIGINT NOT NULL,
  message BYTEA NOT NULL,
  tags TEXT NULL,
  manifest TEXT NULL,
  identifier INTEGER NULL,
  writer_uuid TEXT NULL,
  CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number)
);
CREATE TABLE IF NOT EXISTS snapshot (
  persistence_id TEXT NOT NULL,
  sequence_number BIGINT NOT NULL,
  created BIGINT NOT NULL,
  snapshot BYTEA NULL,
  manifest TEXT NULL,
  serializer_id INTEGER NULL,
  PRIMARY KEY (persistence_id, sequence_number)
);
