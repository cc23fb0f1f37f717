PRAGMA application_id=1164203116;
PRAGMA user_version=2;
BEGIN TRANSACTION;
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
INSERT INTO "account" VALUES('points:9007000012','points','9007000012','9007000012','',40,30,12,0,0,0,0,0,0);
CREATE TABLE account_lot (
  account TEXT NOT NULL REFERENCES account (account),
  expires_on TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  PRIMARY KEY (account, expires_on)
) STRICT, WITHOUT ROWID;
INSERT INTO "account_lot" VALUES('points:9007000012','2024-12-31',18);
INSERT INTO "account_lot" VALUES('points:9007000012','9999-12-31',40);
CREATE TABLE account_movement (
  position INTEGER PRIMARY KEY REFERENCES journal (position),
  account TEXT NOT NULL REFERENCES account (account),
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  amount INTEGER NOT NULL,
  receipt_no INTEGER NOT NULL,
  for_receipt_no INTEGER NOT NULL
) STRICT;
INSERT INTO "account_movement" VALUES(10,'points:9007000012','account.credited','sale',30,1,1);
INSERT INTO "account_movement" VALUES(11,'points:9007000012','account.redeemed','money',12,2,2);
INSERT INTO "account_movement" VALUES(13,'points:9007000012','lease.granted','lease',40,0,0);
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
INSERT INTO "draft" VALUES(1,4,1700000000011,'{"evidence":[],"kind":"sale","lines":[{"code":"000001","number":1,"price_minor":199,"product":{"name_en":"Jasmine tea 000001","name_zh":"茉莉花茶000001","plu":"000001","price_minor":199,"tax_code":"A","unit":"each"},"quantity_milli":1000},{"code":"000002","number":2,"price_minor":199,"product":{"name_en":"Jasmine tea 000002","name_zh":"茉莉花茶000002","plu":"000002","price_minor":199,"tax_code":"A","unit":"each"},"quantity_milli":1000}],"next_number":3,"receipt_no":4,"tenders":[]}');
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
INSERT INTO "epoch" VALUES(1,1,'till-07','GBP','11062f914be64838a72657d756df4a38',1);
CREATE TABLE issued_card (
  card TEXT PRIMARY KEY,
  number TEXT NOT NULL,
  replaced INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "issued_card" VALUES('9007000012','9007000012',1);
INSERT INTO "issued_card" VALUES('9007000020','9007000012',0);
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
INSERT INTO "journal" VALUES(1,1,1,1700000000001,'boot-a',1001,'synced','epoch.opened','0000000000000000000000000000000000000000000000000000000000000000','5a0e0141279c5766ddc0f3079a73b084da9211ff54cb151d11c844a490d04145','{"currency":"GBP","device":"till-07","next_receipt_no":1,"of_epoch":0,"of_seq":0,"store_id":"11062f914be64838a72657d756df4a38"}');
INSERT INTO "journal" VALUES(2,1,2,1700000000002,'boot-a',1002,'synced','catalogue.loaded','5a0e0141279c5766ddc0f3079a73b084da9211ff54cb151d11c844a490d04145','0d41c1d3466f17e925ea82ca68dcf3f1e95c63a40c952d2b63951b0c9ee563aa','{"codes":3,"products":3,"version":"v1"}');
INSERT INTO "journal" VALUES(3,1,3,1700000000003,'boot-a',1003,'synced','stock.adjusted','0d41c1d3466f17e925ea82ca68dcf3f1e95c63a40c952d2b63951b0c9ee563aa','31d512b4892fd0588038de3e692a0d4b72b2d290bc275cf068daf7043f0f9086','{"code":"000001","plu":"000001","quantity_milli":5000,"reason":"count"}');
INSERT INTO "journal" VALUES(4,1,4,1700000000003,'boot-a',1003,'synced','cash.paid_in','31d512b4892fd0588038de3e692a0d4b72b2d290bc275cf068daf7043f0f9086','95578e4338d51ac69f8c1ac26a21395a1a073bd40f80682e3395ea717c9440ea','{"amount_minor":2000}');
INSERT INTO "journal" VALUES(5,1,5,1700000000004,'boot-a',1004,'synced','sale','95578e4338d51ac69f8c1ac26a21395a1a073bd40f80682e3395ea717c9440ea','a36bbf1aef1e8c4de284d204b9c9b591d8488de5c3aeb3c03da953c9d049c4ce','{"currency":"GBP","lines":[{"amount_minor":398,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":0,"paid":[[2,199]],"plu":"000001","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000002","line":2,"list_price_minor":199,"name":"Jasmine tea 000002","of_line":0,"paid":[[2,199]],"plu":"000002","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000003","line":3,"list_price_minor":199,"name":"Jasmine tea 000003","of_line":0,"paid":[[2,199]],"plu":"000003","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000004","line":4,"list_price_minor":199,"name":"Jasmine tea 000004","of_line":0,"paid":[[2,199]],"plu":"000004","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000005","line":5,"list_price_minor":199,"name":"Jasmine tea 000005","of_line":0,"paid":[[2,199]],"plu":"000005","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":0,"receipt_no":1,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":1990,"net_minor":1660,"rate_bp":2000,"tax_minor":330}],"tenders":[{"amount_minor":1990,"change_minor":0,"kind":"cash","reference":"","tendered_minor":1990}],"total_minor":1990}');
INSERT INTO "journal" VALUES(6,1,6,1700000000005,'boot-a',1005,'synced','sale','a36bbf1aef1e8c4de284d204b9c9b591d8488de5c3aeb3c03da953c9d049c4ce','dea276092f9d54c8705a8b814bdb658237f44f7fe6f506acc174010ad4e948c6','{"currency":"GBP","lines":[{"amount_minor":199,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":0,"paid":[[1,199]],"plu":"000001","price_minor":199,"quantity_milli":1000,"tax_code":"A","tax_minor":33,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":0,"receipt_no":2,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":199,"net_minor":166,"rate_bp":2000,"tax_minor":33}],"tenders":[{"amount_minor":199,"change_minor":0,"kind":"cash","reference":"","tendered_minor":199}],"total_minor":199}');
INSERT INTO "journal" VALUES(7,1,7,1700000000006,'boot-a',1006,'synced','refund','dea276092f9d54c8705a8b814bdb658237f44f7fe6f506acc174010ad4e948c6','fbaf9c930b512bcfdc24817b47dbcedcb9f07df7c8cca9f546898d5473e19f45','{"currency":"GBP","lines":[{"amount_minor":199,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":1,"paid":[[1,199]],"plu":"000001","price_minor":199,"quantity_milli":1000,"tax_code":"A","tax_minor":33,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":1,"receipt_no":3,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":199,"net_minor":166,"rate_bp":2000,"tax_minor":33}],"tenders":[{"amount_minor":199,"change_minor":0,"kind":"cash","reference":"","tendered_minor":199}],"total_minor":199}');
INSERT INTO "journal" VALUES(8,1,8,1700000000007,'boot-a',1007,'synced','member.enrolled','fbaf9c930b512bcfdc24817b47dbcedcb9f07df7c8cca9f546898d5473e19f45','0583e1365c5af4c92464b1d2c91b19fc276dd7ee685392a3674902c3b900c238','{"blocked":false,"card":"9007000012","member":"9007000012","old_card":"","person":{"birthday":"","consent":false,"name":"王小明","phone":"+8613812345678"},"reason":"enrolled","revision":1,"segments":[],"tier":""}');
INSERT INTO "journal" VALUES(9,1,9,1700000000007,'boot-a',1007,'synced','member.card_replaced','0583e1365c5af4c92464b1d2c91b19fc276dd7ee685392a3674902c3b900c238','c3ac2334d12ab35edaa3d3f20bdaf7098d4e6832e6fd0ac1f632f6fde34b9b3c','{"blocked":false,"card":"9007000020","member":"9007000012","old_card":"9007000012","person":{"birthday":"","consent":false,"name":"王小明","phone":"+8613812345678"},"reason":"lost","revision":2,"segments":[],"tier":""}');
INSERT INTO "journal" VALUES(10,1,10,1700000000008,'boot-a',1008,'synced','account.credited','c3ac2334d12ab35edaa3d3f20bdaf7098d4e6832e6fd0ac1f632f6fde34b9b3c','6be218a62edd17998f944da49d9b657fb09b018f23a6f538c8a34e7ae15737c7','{"account":"points:9007000012","account_kind":"points","amount":30,"debt":0,"holder":"9007000012","lease":"","lines":[[1,30]],"lots":[["2024-12-31",30]],"of_receipt_no":0,"owner":"9007000012","reason":"sale","receipt_no":1,"terms":"","worth_minor":0}');
INSERT INTO "journal" VALUES(11,1,11,1700000000008,'boot-a',1008,'synced','account.redeemed','6be218a62edd17998f944da49d9b657fb09b018f23a6f538c8a34e7ae15737c7','541067a48d66beb77875a1836e3fab5d04c9ed03e0c7d208d3e0c9be8b6f11ec','{"account":"points:9007000012","account_kind":"points","amount":12,"debt":0,"holder":"9007000012","lease":"","lines":[],"lots":[["2024-12-31",12]],"of_receipt_no":0,"owner":"9007000012","reason":"money","receipt_no":2,"terms":"","worth_minor":120}');
INSERT INTO "journal" VALUES(12,1,12,1700000000008,'boot-a',1008,'synced','member.bought','541067a48d66beb77875a1836e3fab5d04c9ed03e0c7d208d3e0c9be8b6f11ec','908d4a48ed0b41589f69b0399cbfb5fb8dfc9af6244af97344bcad333e37ef28','{"amount_minor":1990,"member":"9007000012","receipt_no":1}');
INSERT INTO "journal" VALUES(13,1,13,1700000000010,'boot-a',1010,'synced','lease.granted','908d4a48ed0b41589f69b0399cbfb5fb8dfc9af6244af97344bcad333e37ef28','6259ece1b02124943363de9d82ce00cc1ecdc4c2f4377057d30aa318b29905f9','{"account":"points:9007000012","account_kind":"points","amount":40,"debt":0,"holder":"9007000012","lease":"L-1","lines":[],"lots":[["9999-12-31",40]],"of_receipt_no":0,"owner":"9007000012","reason":"lease","receipt_no":0,"terms":"","worth_minor":0}');
CREATE TABLE lease (
  lease TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (account),
  granted INTEGER NOT NULL,
  released INTEGER NOT NULL CHECK (released BETWEEN 0 AND granted)
) STRICT, WITHOUT ROWID;
INSERT INTO "lease" VALUES('L-1','points:9007000012',40,0);
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
INSERT INTO "member" VALUES('9007000012',2,'9007000020','+8613812345678','王小明','',0,'','',0,0,0,0,0);
CREATE TABLE member_change (
  number TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL REFERENCES journal (position)
) STRICT, WITHOUT ROWID;
INSERT INTO "member_change" VALUES('9007000012',2,9);
CREATE TABLE member_receipt (
  receipt_no INTEGER PRIMARY KEY REFERENCES sale (receipt_no),
  number TEXT NOT NULL
) STRICT;
INSERT INTO "member_receipt" VALUES(1,'9007000012');
CREATE TABLE member_trade (
  number TEXT PRIMARY KEY,
  purchases INTEGER NOT NULL,
  spent_minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "member_trade" VALUES('9007000012',1,1990);
CREATE TABLE migration (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
INSERT INTO "migration" VALUES(1,'0001_journal_and_projections',1700000000001);
INSERT INTO "migration" VALUES(2,'0002_members_and_accounts',1700000000001);
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
CREATE TABLE shown_code (
  nonce TEXT PRIMARY KEY,
  expires_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "shown_code" VALUES('9007000012.nonce-01',1700000300);
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
CREATE INDEX account_of_owner ON account (owner) WHERE owner <> '';
CREATE INDEX lot_by_day ON account_lot (expires_on);
CREATE UNIQUE INDEX movement_once ON account_movement (receipt_no, account, kind, reason)
  WHERE receipt_no > 0;
CREATE INDEX movement_of_receipt ON account_movement (for_receipt_no) WHERE for_receipt_no > 0;
CREATE INDEX member_by_phone ON member (phone);
CREATE INDEX member_by_tail ON member (substr(phone, -4));
CREATE INDEX member_by_card ON member (card);
CREATE INDEX shown_code_by_expiry ON shown_code (expires_s);
COMMIT;
