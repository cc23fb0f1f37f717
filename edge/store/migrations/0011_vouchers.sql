-- A projection: what is taken of each voucher here, less what went back to it.
CREATE TABLE voucher (
  number TEXT PRIMARY KEY,
  taken_minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO voucher
SELECT
  tender.value ->> 'reference',
  sum(iif(kind = 'sale', 1, -1) * (tender.value ->> 'amount_minor'))
FROM journal, json_each(body, '$.tenders') AS tender
WHERE kind IN ('sale', 'refund')
  AND tender.value ->> 'kind' = 'voucher' AND tender.value ->> 'reference' <> ''
GROUP BY 1;
