-- Projections: derived from the journal alone, rebuilt and compared by `edge journal verify`.

-- What came into this till's part of an account, and went out of it. What is left here is the sum
-- of its lots: granted + credited + reversed - redeemed - taken_back - expired - released - lapsed
-- + debt. The check is the rule that a balance is never overdrawn.
CREATE TABLE account (
  account TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  holder TEXT NOT NULL,
  owner TEXT NOT NULL,
  terms TEXT NOT NULL,
  granted INTEGER NOT NULL DEFAULT 0,
  credited INTEGER NOT NULL DEFAULT 0,
  redeemed INTEGER NOT NULL DEFAULT 0,
  reversed INTEGER NOT NULL DEFAULT 0,
  taken_back INTEGER NOT NULL DEFAULT 0,
  expired INTEGER NOT NULL DEFAULT 0,
  released INTEGER NOT NULL DEFAULT 0,
  lapsed INTEGER NOT NULL DEFAULT 0,
  debt INTEGER NOT NULL DEFAULT 0 CHECK (debt >= 0),
  CHECK (redeemed - reversed <= granted + credited)
) STRICT, WITHOUT ROWID;

CREATE INDEX account_of_owner ON account (owner) WHERE owner <> '';

-- `expires_on` is the last civil day on which the units are good, in ISO 8601.
CREATE TABLE account_lot (
  account TEXT NOT NULL REFERENCES account (account),
  expires_on TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  PRIMARY KEY (account, expires_on)
) STRICT, WITHOUT ROWID;

CREATE INDEX lot_by_day ON account_lot (expires_on);

-- Where each movement stands in the journal. `for_receipt_no` is the sale that it belongs to: a
-- refund's movements belong to the sale that is given back.
CREATE TABLE account_movement (
  position INTEGER PRIMARY KEY REFERENCES journal (position),
  account TEXT NOT NULL REFERENCES account (account),
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  amount INTEGER NOT NULL,
  receipt_no INTEGER NOT NULL,
  for_receipt_no INTEGER NOT NULL
) STRICT;

-- A receipt moves an account once for each reason, however often its commit is tried.
CREATE UNIQUE INDEX movement_once ON account_movement (receipt_no, account, kind, reason)
  WHERE receipt_no > 0;

CREATE INDEX movement_of_receipt ON account_movement (for_receipt_no) WHERE for_receipt_no > 0;

CREATE TABLE lease (
  lease TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (account),
  granted INTEGER NOT NULL,
  released INTEGER NOT NULL CHECK (released BETWEEN 0 AND granted)
) STRICT, WITHOUT ROWID;

-- Where this till's last word about a member stands in the journal. Personal data is not here.
CREATE TABLE member_change (
  number TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL REFERENCES journal (position)
) STRICT, WITHOUT ROWID;

-- Cards that this till gave out or took out of use.
CREATE TABLE issued_card (
  card TEXT PRIMARY KEY,
  number TEXT NOT NULL,
  replaced INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whose sale or refund a receipt is.
CREATE TABLE member_receipt (
  receipt_no INTEGER PRIMARY KEY REFERENCES sale (receipt_no),
  number TEXT NOT NULL
) STRICT;

CREATE TABLE member_trade (
  number TEXT PRIMARY KEY,
  purchases INTEGER NOT NULL,
  spent_minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Reference data, with what this till changed in it: the members that this store needs. Besides
-- the journal's member records, personal data is nowhere else.
-- `purchases` and `spent_minor` are headquarters' figures, `base_*` what this till had counted
-- itself when they came.
CREATE TABLE member (
  number TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  card TEXT NOT NULL,
  phone TEXT NOT NULL,
  name TEXT NOT NULL,
  birthday TEXT NOT NULL,
  consent INTEGER NOT NULL,
  tier TEXT NOT NULL,
  segments TEXT NOT NULL,
  blocked INTEGER NOT NULL,
  purchases INTEGER NOT NULL DEFAULT 0,
  spent_minor INTEGER NOT NULL DEFAULT 0,
  base_purchases INTEGER NOT NULL DEFAULT 0,
  base_spent_minor INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX member_by_phone ON member (phone);

CREATE INDEX member_by_tail ON member (substr(phone, -4));

CREATE INDEX member_by_card ON member (card);

-- Local to this box; not derived.

-- Member codes that were shown, until they expire.
CREATE TABLE shown_code (
  nonce TEXT PRIMARY KEY,
  expires_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX shown_code_by_expiry ON shown_code (expires_s);
