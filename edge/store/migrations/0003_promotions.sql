-- The promotions in force, as HQ or a file gave them; `body` is JSON as docs/promotions.md says.
CREATE TABLE promotion_list (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version TEXT NOT NULL
) STRICT;

CREATE TABLE promotion (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Projections: derived from the journal alone, rebuilt and compared by `edge journal verify`.

-- How often each promotion was used here, in all.
CREATE TABLE promotion_use (
  promotion TEXT PRIMARY KEY,
  uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which sale used it, and whose that was ('': nobody's); `at` is the record's, in UTC milliseconds.
CREATE TABLE promotion_receipt (
  receipt_no INTEGER NOT NULL REFERENCES sale (receipt_no),
  promotion TEXT NOT NULL,
  member TEXT NOT NULL,
  at INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  PRIMARY KEY (receipt_no, promotion)
) STRICT, WITHOUT ROWID;

CREATE INDEX promotion_use_by_day ON promotion_receipt (at);

CREATE INDEX promotion_use_of_member ON promotion_receipt (member) WHERE member <> '';
