-- What durable pools write, in form 1. Records have their number in their journal as a key: a second writer finds it taken.
CREATE TABLE IF NOT EXISTS journal (
  ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  created INTEGER NOT NULL,
  deleted BIT NOT NULL,
  persistence_id NVARCHAR(255) NOT NULL,
  sequence_number INTEGER NOT NULL,
  message VARBINARY NOT NULL,
  tags NVARCHAR(100) NULL,
  manifest NVARCHAR(500) NULL,
  identifier INTEGER NULL,
  writer_uuid NVARCHAR(128) NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
CREATE TABLE IF NOT EXISTS snapshot (
  persistence_id NVARCHAR(255) NOT NULL,
  sequence_number INTEGER NOT NULL,
  created INTEGER NOT NULL,
  snapshot VARBINARY NULL,
  manifest NVARCHAR(500) NULL,
  serializer_id INTEGER NULL,
  PRIMARY KEY (persistence_id, sequence_number)
);
