PRAGMA application_id=1164203116;
PRAGMA user_version=1;
BEGIN TRANSACTION;
CREATE TABLE catalogue (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version TEXT NOT NULL
) STRICT;
INSERT INTO "catalogue" VALUES(1,'v1');
CREATE TABLE code (
  code TEXT PRIMARY KEY,
  plu TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "code" VALUES('5000000000000','000000');
INSERT INTO "code" VALUES('5000000000001','000001');
INSERT INTO "code" VALUES('5000000000002','000002');
CREATE TABLE draft (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  receipt_no INTEGER NOT NULL,
  at INTEGER NOT NULL,
  basket TEXT NOT NULL
) STRICT;
INSERT INTO "draft" VALUES(1,4,1700000000007,'{"evidence":[],"kind":"sale","lines":[{"code":"000001","number":1,"price_minor":199,"product":{"name_en":"Jasmine tea 000001","name_zh":"茉莉花茶000001","plu":"000001","price_minor":199,"tax_code":"A","unit":"each"},"quantity_milli":1000},{"code":"000002","number":2,"price_minor":199,"product":{"name_en":"Jasmine tea 000002","name_zh":"茉莉花茶000002","plu":"000002","price_minor":199,"tax_code":"A","unit":"each"},"quantity_milli":1000}],"next_number":3,"receipt_no":4,"tenders":[]}');
CREATE TABLE drawer (
  cause TEXT PRIMARY KEY,
  movements INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "drawer" VALUES('cash.paid_in',1,2000);
INSERT INTO "drawer" VALUES('refund',1,-199);
INSERT INTO "drawer" VALUES('sale',2,2189);
CREATE TABLE effect_log (
  id INTEGER PRIMARY KEY,
  effect TEXT NOT NULL CHECK (effect IN ('drawer', 'receipt')),
  receipt_no INTEGER CHECK ((receipt_no IS NULL) = (effect = 'drawer')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'abandoned', 'dropped'))
) STRICT;
INSERT INTO "effect_log" VALUES(1,'drawer',NULL,'pending');
INSERT INTO "effect_log" VALUES(2,'receipt',1,'done');
INSERT INTO "effect_log" VALUES(3,'drawer',NULL,'pending');
INSERT INTO "effect_log" VALUES(4,'receipt',2,'pending');
INSERT INTO "effect_log" VALUES(5,'drawer',NULL,'pending');
INSERT INTO "effect_log" VALUES(6,'receipt',3,'done');
CREATE TABLE epoch (
  epoch INTEGER PRIMARY KEY,
  first_position INTEGER NOT NULL UNIQUE REFERENCES journal (position),
  device TEXT NOT NULL,
  currency TEXT NOT NULL,
  store_id TEXT NOT NULL,
  next_receipt_no INTEGER NOT NULL
) STRICT;
INSERT INTO "epoch" VALUES(1,1,'till-07','GBP','73888ae958094590a4fcf5db6a04f220',1);
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
INSERT INTO "journal" VALUES(1,1,1,1700000000001,'boot-a',1001,'synced','epoch.opened','0000000000000000000000000000000000000000000000000000000000000000','ae2a069a159bd08aeb3211a4eb5bf2f378372f0a5ac41a778ad9debf47a5d7cf','{"currency":"GBP","device":"till-07","next_receipt_no":1,"of_epoch":0,"of_seq":0,"store_id":"73888ae958094590a4fcf5db6a04f220"}');
INSERT INTO "journal" VALUES(2,1,2,1700000000002,'boot-a',1002,'synced','catalogue.loaded','ae2a069a159bd08aeb3211a4eb5bf2f378372f0a5ac41a778ad9debf47a5d7cf','d5910f4aa59441be53dca945a51f5c57e9cfdad20a9d4d13bd6affa9d8a2fbbf','{"codes":3,"products":3,"version":"v1"}');
INSERT INTO "journal" VALUES(3,1,3,1700000000003,'boot-a',1003,'synced','stock.adjusted','d5910f4aa59441be53dca945a51f5c57e9cfdad20a9d4d13bd6affa9d8a2fbbf','00ee42a87f2a76fbf09b1c8fb82c9bb52a9c89a4b846f8b84044e013c42dcea2','{"code":"000001","plu":"000001","quantity_milli":5000,"reason":"count"}');
INSERT INTO "journal" VALUES(4,1,4,1700000000003,'boot-a',1003,'synced','cash.paid_in','00ee42a87f2a76fbf09b1c8fb82c9bb52a9c89a4b846f8b84044e013c42dcea2','d6c08e2f616eab7a6c153fab8e05dd682e8b661fed3b976a75fc0e2ac4470799','{"amount_minor":2000}');
INSERT INTO "journal" VALUES(5,1,5,1700000000004,'boot-a',1004,'synced','sale','d6c08e2f616eab7a6c153fab8e05dd682e8b661fed3b976a75fc0e2ac4470799','b3cc6499fe5cc95841e0371e1020c4a3f3130a6480c3b03f8f2bfbb5001f20ca','{"currency":"GBP","lines":[{"amount_minor":398,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":0,"paid":[[2,199]],"plu":"000001","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000002","line":2,"list_price_minor":199,"name":"Jasmine tea 000002","of_line":0,"paid":[[2,199]],"plu":"000002","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000003","line":3,"list_price_minor":199,"name":"Jasmine tea 000003","of_line":0,"paid":[[2,199]],"plu":"000003","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000004","line":4,"list_price_minor":199,"name":"Jasmine tea 000004","of_line":0,"paid":[[2,199]],"plu":"000004","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000005","line":5,"list_price_minor":199,"name":"Jasmine tea 000005","of_line":0,"paid":[[2,199]],"plu":"000005","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":0,"receipt_no":1,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":1990,"net_minor":1660,"rate_bp":2000,"tax_minor":330}],"tenders":[{"amount_minor":1990,"change_minor":0,"kind":"cash","reference":"","tendered_minor":1990}],"total_minor":1990}');
INSERT INTO "journal" VALUES(6,1,6,1700000000005,'boot-a',1005,'synced','sale','b3cc6499fe5cc95841e0371e1020c4a3f3130a6480c3b03f8f2bfbb5001f20ca','2cbb699efbfeb274c3ce478ee6a579a675cdfe240252ed199213eff16acd7595','{"currency":"GBP","lines":[{"amount_minor":199,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":0,"paid":[[1,199]],"plu":"000001","price_minor":199,"quantity_milli":1000,"tax_code":"A","tax_minor":33,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":0,"receipt_no":2,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":199,"net_minor":166,"rate_bp":2000,"tax_minor":33}],"tenders":[{"amount_minor":199,"change_minor":0,"kind":"cash","reference":"","tendered_minor":199}],"total_minor":199}');
INSERT INTO "journal" VALUES(7,1,7,1700000000006,'boot-a',1006,'synced','refund','2cbb699efbfeb274c3ce478ee6a579a675cdfe240252ed199213eff16acd7595','cb6c5208277a1c7c8f491060d08b93593c6a560c5c34c89587cbdfbeae932b38','{"currency":"GBP","lines":[{"amount_minor":199,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":1,"paid":[[1,199]],"plu":"000001","price_minor":199,"quantity_milli":1000,"tax_code":"A","tax_minor":33,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":1,"receipt_no":3,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":199,"net_minor":166,"rate_bp":2000,"tax_minor":33}],"tenders":[{"amount_minor":199,"change_minor":0,"kind":"cash","reference":"","tendered_minor":199}],"total_minor":199}');
CREATE TABLE migration (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
INSERT INTO "migration" VALUES(1,'0001_journal_and_projections',1700000000001);
CREATE TABLE product (
  plu TEXT PRIMARY KEY,
  name_en TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  price_minor INTEGER NOT NULL,
  tax_code TEXT NOT NULL,
  unit TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "product" VALUES('000000','Jasmine tea 000000','茉莉花茶000000',100,'A','each');
INSERT INTO "product" VALUES('000001','Jasmine tea 000001','茉莉花茶000001',101,'A','each');
INSERT INTO "product" VALUES('000002','Jasmine tea 000002','茉莉花茶000002',102,'A','each');
CREATE TABLE refunded (
  receipt_no INTEGER NOT NULL REFERENCES sale (receipt_no),
  line INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL,
  PRIMARY KEY (receipt_no, line)
) STRICT, WITHOUT ROWID;
INSERT INTO "refunded" VALUES(1,1,1000);
CREATE TABLE sale (
  receipt_no INTEGER PRIMARY KEY,
  position INTEGER NOT NULL REFERENCES journal (position),
  kind TEXT NOT NULL,
  total_minor INTEGER NOT NULL,
  rounding_minor INTEGER NOT NULL
) STRICT;
INSERT INTO "sale" VALUES(1,5,'sale',1990,0);
INSERT INTO "sale" VALUES(2,6,'sale',199,0);
INSERT INTO "sale" VALUES(3,7,'refund',199,0);
CREATE TABLE stock (
  plu TEXT PRIMARY KEY,
  quantity_milli INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "stock" VALUES('000001',3000);
INSERT INTO "stock" VALUES('000002',-2000);
INSERT INTO "stock" VALUES('000003',-2000);
INSERT INTO "stock" VALUES('000004',-2000);
INSERT INTO "stock" VALUES('000005',-2000);
CREATE TABLE uplink (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  acked_epoch INTEGER NOT NULL,
  acked_through INTEGER NOT NULL
) STRICT;
INSERT INTO "uplink" VALUES(1,1,4);
CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER journal_is_never_shortened BEFORE DELETE ON journal
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER journal_only_grows_at_its_end BEFORE INSERT ON journal
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM journal)
BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only');
END;
COMMIT;
