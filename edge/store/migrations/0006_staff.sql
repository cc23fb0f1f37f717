-- The people of the shop, their roles and their PINs' hashes, as the staff file gave them last;
-- `body` is JSON as docs/staff.md says. Names are here and nowhere else.
CREATE TABLE staff_list (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

-- Projections: derived from the journal alone, rebuilt and compared by `edge journal verify`.

-- Wrong PINs in a row, by person; a good one takes the row away.
CREATE TABLE pin_try (
  staff TEXT PRIMARY KEY,
  wrong INTEGER NOT NULL CHECK (wrong > 0)
) STRICT, WITHOUT ROWID;

-- Who is in, since when, and on break since when (NULL: at work); UTC milliseconds, of the records.
CREATE TABLE attendance (
  staff TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  break_since INTEGER
) STRICT, WITHOUT ROWID;
