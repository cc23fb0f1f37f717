PRAGMA application_id=1164203116;
PRAGMA user_version=4;
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
INSERT INTO "epoch" VALUES(1,1,'till-07','GBP','7f77a9c0eef043b5ac068c69e14b6c64',1);
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
INSERT INTO "journal" VALUES(1,1,1,1700000000001,'boot-a',1001,'synced','epoch.opened','0000000000000000000000000000000000000000000000000000000000000000','2e6720b988fc75cbe5170a3a3bdbdc6d2145c6243f72a41d12bc95cf9fa90d9e','{"currency":"GBP","device":"till-07","next_receipt_no":1,"of_epoch":0,"of_seq":0,"store_id":"7f77a9c0eef043b5ac068c69e14b6c64"}');
INSERT INTO "journal" VALUES(2,1,2,1700000000002,'boot-a',1002,'synced','catalogue.loaded','2e6720b988fc75cbe5170a3a3bdbdc6d2145c6243f72a41d12bc95cf9fa90d9e','5d82cdafcbb768b99cbff9d3362e422e1084d69b20d23b5207f36742c45e511e','{"codes":3,"products":3,"version":"v1"}');
INSERT INTO "journal" VALUES(3,1,3,1700000000003,'boot-a',1003,'synced','stock.adjusted','5d82cdafcbb768b99cbff9d3362e422e1084d69b20d23b5207f36742c45e511e','bb6b3134b9a1c46adaad2f4dc742d0dac180d7a89bc7f56ba8b5b3921225ccc5','{"code":"000001","plu":"000001","quantity_milli":5000,"reason":"count"}');
INSERT INTO "journal" VALUES(4,1,4,1700000000003,'boot-a',1003,'synced','cash.paid_in','bb6b3134b9a1c46adaad2f4dc742d0dac180d7a89bc7f56ba8b5b3921225ccc5','2e0db9bae1676abea19984b04192f541db828acfca9856c35632b75f9d760a70','{"amount_minor":2000}');
INSERT INTO "journal" VALUES(5,1,5,1700000000004,'boot-a',1004,'synced','sale','2e0db9bae1676abea19984b04192f541db828acfca9856c35632b75f9d760a70','4007393d8659cb6dcb906a4daa884d43b916234bd278c5191ee352c0f8815d78','{"currency":"GBP","lines":[{"amount_minor":398,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":0,"paid":[[2,199]],"plu":"000001","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000002","line":2,"list_price_minor":199,"name":"Jasmine tea 000002","of_line":0,"paid":[[2,199]],"plu":"000002","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000003","line":3,"list_price_minor":199,"name":"Jasmine tea 000003","of_line":0,"paid":[[2,199]],"plu":"000003","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000004","line":4,"list_price_minor":199,"name":"Jasmine tea 000004","of_line":0,"paid":[[2,199]],"plu":"000004","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000005","line":5,"list_price_minor":199,"name":"Jasmine tea 000005","of_line":0,"paid":[[2,199]],"plu":"000005","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":0,"receipt_no":1,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":1990,"net_minor":1660,"rate_bp":2000,"tax_minor":330}],"tenders":[{"amount_minor":1990,"change_minor":0,"kind":"cash","reference":"","tendered_minor":1990}],"total_minor":1990}');
INSERT INTO "journal" VALUES(6,1,6,1700000000005,'boot-a',1005,'synced','sale','4007393d8659cb6dcb906a4daa884d43b916234bd278c5191ee352c0f8815d78','a90be8940a5402be40d2f59d4b5244ff0a1e874471d2c21d1c213a2e933fa073','{"currency":"GBP","lines":[{"amount_minor":199,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":0,"paid":[[1,199]],"plu":"000001","price_minor":199,"quantity_milli":1000,"tax_code":"A","tax_minor":33,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":0,"receipt_no":2,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":199,"net_minor":166,"rate_bp":2000,"tax_minor":33}],"tenders":[{"amount_minor":199,"change_minor":0,"kind":"cash","reference":"","tendered_minor":199}],"total_minor":199}');
INSERT INTO "journal" VALUES(7,1,7,1700000000006,'boot-a',1006,'synced','refund','a90be8940a5402be40d2f59d4b5244ff0a1e874471d2c21d1c213a2e933fa073','4aaf8f76104b319d4e46415f0f1e98592a5dc9323a78bb9fb78c422cc7bd45a8','{"currency":"GBP","lines":[{"amount_minor":199,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":1,"paid":[[1,199]],"plu":"000001","price_minor":199,"quantity_milli":1000,"tax_code":"A","tax_minor":33,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":1,"receipt_no":3,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":199,"net_minor":166,"rate_bp":2000,"tax_minor":33}],"tenders":[{"amount_minor":199,"change_minor":0,"kind":"cash","reference":"","tendered_minor":199}],"total_minor":199}');
INSERT INTO "journal" VALUES(8,1,8,1700000000007,'boot-a',1007,'synced','member.enrolled','4aaf8f76104b319d4e46415f0f1e98592a5dc9323a78bb9fb78c422cc7bd45a8','cf6b0ac5500f83e09d3035a4dbb469fab94cd8b6e2ea63839c65c98c42650154','{"blocked":false,"card":"9007000012","member":"9007000012","old_card":"","person":{"birthday":"","consent":false,"name":"王小明","phone":"+8613812345678"},"reason":"enrolled","revision":1,"segments":[],"tier":""}');
INSERT INTO "journal" VALUES(9,1,9,1700000000007,'boot-a',1007,'synced','member.card_replaced','cf6b0ac5500f83e09d3035a4dbb469fab94cd8b6e2ea63839c65c98c42650154','a443b176490567db2a921880030da287d1c4995a7b1424984b10d9e2ef330209','{"blocked":false,"card":"9007000020","member":"9007000012","old_card":"9007000012","person":{"birthday":"","consent":false,"name":"王小明","phone":"+8613812345678"},"reason":"lost","revision":2,"segments":[],"tier":""}');
INSERT INTO "journal" VALUES(10,1,10,1700000000008,'boot-a',1008,'synced','account.credited','a443b176490567db2a921880030da287d1c4995a7b1424984b10d9e2ef330209','3502e53fda11dfd523d9f80c1c52edf230d87d0b7aab3a543d38020c3e916a4c','{"account":"points:9007000012","account_kind":"points","amount":30,"debt":0,"holder":"9007000012","lease":"","lines":[[1,30]],"lots":[["2024-12-31",30]],"of_receipt_no":0,"owner":"9007000012","reason":"sale","receipt_no":1,"terms":"","worth_minor":0}');
INSERT INTO "journal" VALUES(11,1,11,1700000000008,'boot-a',1008,'synced','account.redeemed','3502e53fda11dfd523d9f80c1c52edf230d87d0b7aab3a543d38020c3e916a4c','46308524f974de43109b83ae5dae186c16d03b00f1b1ea2087271a42259fb89e','{"account":"points:9007000012","account_kind":"points","amount":12,"debt":0,"holder":"9007000012","lease":"","lines":[],"lots":[["2024-12-31",12]],"of_receipt_no":0,"owner":"9007000012","reason":"money","receipt_no":2,"terms":"","worth_minor":120}');
INSERT INTO "journal" VALUES(12,1,12,1700000000008,'boot-a',1008,'synced','member.bought','46308524f974de43109b83ae5dae186c16d03b00f1b1ea2087271a42259fb89e','ce162e2b43bf04405e0dc6d58836d3a8b56e693f81a20d037f1695e5495c3aef','{"amount_minor":1990,"member":"9007000012","receipt_no":1}');
INSERT INTO "journal" VALUES(13,1,13,1700000000010,'boot-a',1010,'synced','lease.granted','ce162e2b43bf04405e0dc6d58836d3a8b56e693f81a20d037f1695e5495c3aef','b5c77efb37b0a467a5db95c6c450702a068f8d2325af82efecf4d56365e0c133','{"account":"points:9007000012","account_kind":"points","amount":40,"debt":0,"holder":"9007000012","lease":"L-1","lines":[],"lots":[["9999-12-31",40]],"of_receipt_no":0,"owner":"9007000012","reason":"lease","receipt_no":0,"terms":"","worth_minor":0}');
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
INSERT INTO "migration" VALUES(3,'0003_promotions',1700000000001);
INSERT INTO "migration" VALUES(4,'0004_shifts',1700000000000);
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
CREATE TABLE promotion (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE promotion_list (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version TEXT NOT NULL
) STRICT;
CREATE TABLE promotion_receipt (
  receipt_no INTEGER NOT NULL REFERENCES sale (receipt_no),
  promotion TEXT NOT NULL,
  member TEXT NOT NULL,
  at INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  PRIMARY KEY (receipt_no, promotion)
) STRICT, WITHOUT ROWID;
CREATE TABLE promotion_use (
  promotion TEXT PRIMARY KEY,
  uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE TABLE shift (
  z_no INTEGER PRIMARY KEY,
  after_position INTEGER NOT NULL,
  after_receipt_no INTEGER NOT NULL,
  opened_position INTEGER REFERENCES journal (position),
  closed_position INTEGER REFERENCES journal (position)
) STRICT;
CREATE TABLE shift_total (
  figure TEXT NOT NULL,
  name TEXT NOT NULL,
  times INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (figure, name)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX promotion_use_by_day ON promotion_receipt (at);
CREATE INDEX promotion_use_of_member ON promotion_receipt (member) WHERE member <> '';
CREATE UNIQUE INDEX shift_in_progress ON shift (closed_position IS NULL)
  WHERE closed_position IS NULL;
COMMIT;
