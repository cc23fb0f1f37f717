-- What is printed is a receipt or another slip: the log of effects names it by kind and number.
CREATE TABLE effect_log_of_papers (
  id INTEGER PRIMARY KEY,
  effect TEXT NOT NULL CHECK (effect IN ('drawer', 'receipt')),
  paper TEXT CHECK ((paper IS NULL) = (effect = 'drawer')),
  number INTEGER CHECK ((number IS NULL) = (effect = 'drawer')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'abandoned', 'dropped'))
) STRICT;

INSERT INTO effect_log_of_papers
  SELECT id, effect, iif(effect = 'receipt', 'receipt', NULL), receipt_no, state FROM effect_log;

DROP TABLE effect_log;

ALTER TABLE effect_log_of_papers RENAME TO effect_log;

-- Sales that were set aside. Nothing on record depends on them: they are drafts.
CREATE TABLE held_sale (
  number INTEGER NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  clock TEXT NOT NULL,
  basket TEXT NOT NULL
) STRICT;

-- A projection: where the records stand that a slip is printed of.
CREATE TABLE slip (
  kind TEXT NOT NULL,
  number INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;
