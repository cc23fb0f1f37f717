-- Projections: derived from the journal alone, rebuilt and compared by `edge journal verify`.

-- Payments by the customer's code. `sent`: nobody knows yet what becomes of it; `reversing`: it is
-- being taken back; `approved`: charged, and no sale has it yet; `used`: a sale is paid with it;
-- `closed`: nothing is charged, and nothing will be; `lapsed`: open when a restored store opened
-- its epoch, so that the sale it paid may be in the part that was lost.
CREATE TABLE payment (
  intent TEXT PRIMARY KEY,
  position INTEGER NOT NULL REFERENCES journal (position),
  receipt_no INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  terminal TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('sent', 'reversing', 'approved', 'used', 'closed', 'lapsed')),
  reference TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX open_payment ON payment (position)
  WHERE state IN ('sent', 'reversing', 'approved', 'lapsed');

-- What goes back to a payment: `sent` until it is known, then `done`, or `refused` until the
-- customer has the money in another way.
CREATE TABLE payment_refund (
  refund TEXT PRIMARY KEY,
  intent TEXT NOT NULL REFERENCES payment (intent),
  position INTEGER NOT NULL REFERENCES journal (position),
  receipt_no INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  state TEXT NOT NULL CHECK (state IN ('sent', 'done', 'refused')),
  reference TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX refund_of_payment ON payment_refund (intent);

CREATE INDEX open_payment_refund ON payment_refund (position) WHERE state <> 'done';
