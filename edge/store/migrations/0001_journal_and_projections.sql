-- What was applied to this file, and when.
CREATE TABLE migration (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- The truth. `position` is the record's place in the whole chain, over all epochs: one b-tree, and
-- an append touches one leaf. `body` stands last so that reading a hash never walks its overflow.
CREATE TABLE journal (
  position INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  boot TEXT NOT NULL,
  mono_ms INTEGER NOT NULL,
  clock TEXT NOT NULL,
  kind TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_is_never_shortened BEFORE DELETE ON journal
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;

-- Also stops INSERT OR REPLACE, which deletes without a delete trigger.
CREATE TRIGGER journal_only_grows_at_its_end BEFORE INSERT ON journal
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM journal)
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;

-- Projections: derived from the journal alone, rebuilt and compared by `edge journal verify`.

CREATE TABLE epoch (
  epoch INTEGER PRIMARY KEY,
  first_position INTEGER NOT NULL UNIQUE REFERENCES journal (position),
  device TEXT NOT NULL,
  currency TEXT NOT NULL,
  store_id TEXT NOT NULL,
  next_receipt_no INTEGER NOT NULL
) STRICT;

CREATE TABLE sale (
  receipt_no INTEGER PRIMARY KEY,
  position INTEGER NOT NULL REFERENCES journal (position),
  kind TEXT NOT NULL,
  total_minor INTEGER NOT NULL,
  rounding_minor INTEGER NOT NULL
) STRICT;

-- Thousandths; below zero where more was sold than was ever taken in.
CREATE TABLE stock (
  plu TEXT PRIMARY KEY,
  quantity_milli INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Cash in and out of the drawer by cause, signed; the drawer holds their sum.
CREATE TABLE drawer (
  cause TEXT PRIMARY KEY,
  movements INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What of each sold line was given back already.
CREATE TABLE refunded (
  receipt_no INTEGER NOT NULL REFERENCES sale (receipt_no),
  line INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  PRIMARY KEY (receipt_no, line)
) STRICT, WITHOUT ROWID;

-- Local to this box; not derived.

-- `receipt_no` is the receipt to print; NULL for a drawer pulse.
CREATE TABLE effect_log (
  id INTEGER PRIMARY KEY,
  effect TEXT NOT NULL CHECK (effect IN ('drawer', 'receipt')),
  receipt_no INTEGER CHECK ((receipt_no IS NULL) = (effect = 'drawer')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'abandoned', 'dropped'))
) STRICT;

CREATE TABLE draft (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  receipt_no INTEGER NOT NULL,
  at INTEGER NOT NULL,
  basket TEXT NOT NULL
) STRICT;

-- How far HQ acknowledged the journal.
CREATE TABLE uplink (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  acked_epoch INTEGER NOT NULL,
  acked_through INTEGER NOT NULL
) STRICT;

INSERT INTO uplink VALUES (1, 0, 0);

-- The catalogue in force, as HQ or a file gave it.
CREATE TABLE catalogue (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version TEXT NOT NULL
) STRICT;

CREATE TABLE product (
  plu TEXT PRIMARY KEY,
  name_en TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  price_minor INTEGER NOT NULL,
  tax_code TEXT NOT NULL,
  unit TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Canonical barcodes.
CREATE TABLE code (
  code TEXT PRIMARY KEY,
  plu TEXT NOT NULL
) STRICT, WITHOUT ROWID;
