-- Projections: derived from the journal alone, rebuilt and compared by `edge journal verify`.

-- One row for each Z report, and one for the time since the last one, which has no `closed_position`
-- yet. A period begins behind the record that the Z before it went through, and behind its last
-- receipt; `opened_position` is where its opening float stands.
CREATE TABLE shift (
  z_no INTEGER PRIMARY KEY,
  after_position INTEGER NOT NULL,
  after_receipt_no INTEGER NOT NULL,
  opened_position INTEGER REFERENCES journal (position),
  closed_position INTEGER REFERENCES journal (position)
) STRICT;

CREATE UNIQUE INDEX shift_in_progress ON shift (closed_position IS NULL)
  WHERE closed_position IS NULL;

-- What the next Z will say so far. A Z that is closed stands in the journal, and not here.
CREATE TABLE shift_total (
  figure TEXT NOT NULL,
  name TEXT NOT NULL,
  times INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (figure, name)
) STRICT, WITHOUT ROWID;
