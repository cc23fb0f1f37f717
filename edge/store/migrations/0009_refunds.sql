-- A projection: which refunds gave a sale back, so far.
CREATE TABLE refund_of (
  refund_no INTEGER PRIMARY KEY REFERENCES sale (receipt_no),
  receipt_no INTEGER NOT NULL REFERENCES sale (receipt_no)
) STRICT;

CREATE INDEX refund_of_receipt ON refund_of (receipt_no);

INSERT INTO refund_of
SELECT body ->> 'receipt_no', body ->> 'of_receipt_no' FROM journal
WHERE kind = 'refund' AND body ->> 'of_receipt_no' > 0;
