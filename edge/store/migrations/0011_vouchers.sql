-- A projection: the numbers of the vouchers that paid here.
CREATE TABLE voucher (
  number TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

INSERT INTO voucher
SELECT DISTINCT tender.value ->> 'reference'
FROM journal, json_each(body, '$.tenders') AS tender
WHERE kind = 'sale'
  AND tender.value ->> 'kind' = 'voucher' AND tender.value ->> 'reference' <> '';
