PRAGMA application_id=1164203116;
PRAGMA user_version=11;
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
CREATE TABLE attendance (
  staff TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  break_since INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO "attendance" VALUES('12',1700000000012,1700000000013);
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
INSERT INTO "draft" VALUES(1,4,1700000000016,'{"coupons":[],"evidence":[],"kind":"sale","lines":[{"code":"000001","number":1,"of_line":0,"price_minor":199,"product":{"name_en":"Jasmine tea 000001","name_zh":"茉莉花茶000001","plu":"000001","price_minor":199,"tax_code":"A","unit":"each"},"quantity_milli":1000,"staff":""},{"code":"000002","number":2,"of_line":0,"price_minor":199,"product":{"name_en":"Jasmine tea 000002","name_zh":"茉莉花茶000002","plu":"000002","price_minor":199,"tax_code":"A","unit":"each"},"quantity_milli":1000,"staff":""}],"next_number":3,"receipt_no":4,"tenders":[]}');
CREATE TABLE drawer (
  cause TEXT PRIMARY KEY,
  movements INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "drawer" VALUES('cash.paid_in',1,2000);
INSERT INTO "drawer" VALUES('refund',1,-199);
INSERT INTO "drawer" VALUES('sale',1,1990);
CREATE TABLE "effect_log" (
  id INTEGER PRIMARY KEY,
  effect TEXT NOT NULL CHECK (effect IN ('drawer', 'receipt')),
  paper TEXT CHECK ((paper IS NULL) = (effect = 'drawer')),
  number INTEGER CHECK ((number IS NULL) = (effect = 'drawer')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'abandoned', 'dropped'))
) STRICT;
INSERT INTO "effect_log" VALUES(1,'drawer',NULL,NULL,'pending');
INSERT INTO "effect_log" VALUES(2,'receipt','receipt',1,'done');
INSERT INTO "effect_log" VALUES(3,'drawer',NULL,NULL,'pending');
INSERT INTO "effect_log" VALUES(4,'receipt','receipt',2,'pending');
INSERT INTO "effect_log" VALUES(5,'drawer',NULL,NULL,'pending');
INSERT INTO "effect_log" VALUES(6,'receipt','receipt',3,'done');
CREATE TABLE epoch (
  epoch INTEGER PRIMARY KEY,
  first_position INTEGER NOT NULL UNIQUE REFERENCES journal (position),
  device TEXT NOT NULL,
  currency TEXT NOT NULL,
  store_id TEXT NOT NULL,
  next_receipt_no INTEGER NOT NULL
) STRICT;
INSERT INTO "epoch" VALUES(1,1,'till-07','GBP','3d849abec516425a9c5c11dc8cb31658',1);
CREATE TABLE held_sale (
  number INTEGER NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  clock TEXT NOT NULL,
  basket TEXT NOT NULL
) STRICT;
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
INSERT INTO "journal" VALUES(1,1,1,1700000000001,'boot-a',1001,'synced','epoch.opened','0000000000000000000000000000000000000000000000000000000000000000','15c0d69ed6482f273a8c6e01f84c76741370bb5f61a96a82615a7bcab65ea6e8','{"currency":"GBP","device":"till-07","next_receipt_no":1,"of_epoch":0,"of_seq":0,"store_id":"3d849abec516425a9c5c11dc8cb31658"}');
INSERT INTO "journal" VALUES(2,1,2,1700000000002,'boot-a',1002,'synced','catalogue.loaded','15c0d69ed6482f273a8c6e01f84c76741370bb5f61a96a82615a7bcab65ea6e8','0bd305a1318f56549c369c966cc980f82397dd1c8a5976457bded92398bb54fb','{"codes":3,"products":3,"version":"v1"}');
INSERT INTO "journal" VALUES(3,1,3,1700000000003,'boot-a',1003,'synced','stock.adjusted','0bd305a1318f56549c369c966cc980f82397dd1c8a5976457bded92398bb54fb','3e054f06b97a24ab3a9f852de5263d2b8422bc84e08b9fb047b6407d58437838','{"code":"000001","plu":"000001","quantity_milli":5000,"reason":"count"}');
INSERT INTO "journal" VALUES(4,1,4,1700000000003,'boot-a',1003,'synced','cash.paid_in','3e054f06b97a24ab3a9f852de5263d2b8422bc84e08b9fb047b6407d58437838','7e14a493bdab7b2b67711f27ec797d34ed964458656b8d03c8d1ca36ea6bf0ee','{"amount_minor":2000}');
INSERT INTO "journal" VALUES(5,1,5,1700000000004,'boot-a',1004,'synced','sale','7e14a493bdab7b2b67711f27ec797d34ed964458656b8d03c8d1ca36ea6bf0ee','862b3448700fa43959aada5c39fcd2588f59d472abfe2da713034902419d4f95','{"currency":"GBP","lines":[{"amount_minor":398,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":0,"paid":[[2,199]],"plu":"000001","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000002","line":2,"list_price_minor":199,"name":"Jasmine tea 000002","of_line":0,"paid":[[2,199]],"plu":"000002","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000003","line":3,"list_price_minor":199,"name":"Jasmine tea 000003","of_line":0,"paid":[[2,199]],"plu":"000003","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000004","line":4,"list_price_minor":199,"name":"Jasmine tea 000004","of_line":0,"paid":[[2,199]],"plu":"000004","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"},{"amount_minor":398,"code":"5000000000005","line":5,"list_price_minor":199,"name":"Jasmine tea 000005","of_line":0,"paid":[[2,199]],"plu":"000005","price_minor":199,"quantity_milli":2000,"tax_code":"A","tax_minor":66,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":0,"receipt_no":1,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":1990,"net_minor":1660,"rate_bp":2000,"tax_minor":330}],"tenders":[{"amount_minor":1990,"change_minor":0,"kind":"cash","reference":"","tendered_minor":1990}],"total_minor":1990}');
INSERT INTO "journal" VALUES(6,1,6,1700000000005,'boot-a',1005,'synced','sale','862b3448700fa43959aada5c39fcd2588f59d472abfe2da713034902419d4f95','144cafae05fcb1003f648372076669774f9593db4d9c857fd48f25f772c44922','{"currency":"GBP","lines":[{"amount_minor":199,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":0,"paid":[[1,199]],"plu":"000001","price_minor":199,"quantity_milli":1000,"tax_code":"A","tax_minor":33,"tax_rate_bp":2000,"unit":"each"}],"member":"9007000012","of_receipt_no":0,"promotions":[{"id":"half","lane":"unit","name":"Half price","off_minor":199,"parts":[[1,1,199]],"uses":1}],"receipt_no":2,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":199,"net_minor":166,"rate_bp":2000,"tax_minor":33}],"tenders":[{"amount_minor":199,"change_minor":0,"kind":"voucher","reference":"V-1","tendered_minor":199}],"total_minor":199}');
INSERT INTO "journal" VALUES(7,1,7,1700000000006,'boot-a',1006,'synced','refund','144cafae05fcb1003f648372076669774f9593db4d9c857fd48f25f772c44922','f1029610217c366e28106e83da835d9bf90dd14b56ad8d2b0a1e4e61ce198db1','{"currency":"GBP","lines":[{"amount_minor":199,"code":"5000000000001","line":1,"list_price_minor":199,"name":"Jasmine tea 000001","of_line":1,"paid":[[1,199]],"plu":"000001","price_minor":199,"quantity_milli":1000,"tax_code":"A","tax_minor":33,"tax_rate_bp":2000,"unit":"each"}],"of_receipt_no":1,"receipt_no":3,"rounding_minor":0,"taxes":[{"code":"A","gross_minor":199,"net_minor":166,"rate_bp":2000,"tax_minor":33}],"tenders":[{"amount_minor":199,"change_minor":0,"kind":"cash","reference":"","tendered_minor":199}],"total_minor":199}');
INSERT INTO "journal" VALUES(8,1,8,1700000000007,'boot-a',1007,'synced','member.enrolled','f1029610217c366e28106e83da835d9bf90dd14b56ad8d2b0a1e4e61ce198db1','74f17a9edcaed72ffd57873ed8e4296787b1200989fb86bd9d54d14f850693ca','{"blocked":false,"card":"9007000012","member":"9007000012","old_card":"","person":{"birthday":"","consent":false,"name":"王小明","phone":"+8613812345678"},"reason":"enrolled","revision":1,"segments":[],"tier":""}');
INSERT INTO "journal" VALUES(9,1,9,1700000000007,'boot-a',1007,'synced','member.card_replaced','74f17a9edcaed72ffd57873ed8e4296787b1200989fb86bd9d54d14f850693ca','1343c451e02405c7f63ae336504e0941022e588f5d8e55f83565d14421d37be2','{"blocked":false,"card":"9007000020","member":"9007000012","old_card":"9007000012","person":{"birthday":"","consent":false,"name":"王小明","phone":"+8613812345678"},"reason":"lost","revision":2,"segments":[],"tier":""}');
INSERT INTO "journal" VALUES(10,1,10,1700000000008,'boot-a',1008,'synced','account.credited','1343c451e02405c7f63ae336504e0941022e588f5d8e55f83565d14421d37be2','668c80d1380a8912d0472a6c93b9d30febb5e637bf7f163e2886962b776ce38b','{"account":"points:9007000012","account_kind":"points","amount":30,"debt":0,"holder":"9007000012","lease":"","lines":[[1,30]],"lots":[["2024-12-31",30]],"of_receipt_no":0,"owner":"9007000012","reason":"sale","receipt_no":1,"terms":"","worth_minor":0}');
INSERT INTO "journal" VALUES(11,1,11,1700000000008,'boot-a',1008,'synced','account.redeemed','668c80d1380a8912d0472a6c93b9d30febb5e637bf7f163e2886962b776ce38b','7f65dec095d7779bc627b5185b96a4afe0b852954df87a2d6267a14055a9e812','{"account":"points:9007000012","account_kind":"points","amount":12,"debt":0,"holder":"9007000012","lease":"","lines":[],"lots":[["2024-12-31",12]],"of_receipt_no":0,"owner":"9007000012","reason":"money","receipt_no":2,"terms":"","worth_minor":120}');
INSERT INTO "journal" VALUES(12,1,12,1700000000008,'boot-a',1008,'synced','member.bought','7f65dec095d7779bc627b5185b96a4afe0b852954df87a2d6267a14055a9e812','a6d9510a7a7d94fde28c09b4ed641e58ec1384fe9e86ae94887eacb00244519a','{"amount_minor":1990,"member":"9007000012","receipt_no":1}');
INSERT INTO "journal" VALUES(13,1,13,1700000000010,'boot-a',1010,'synced','lease.granted','a6d9510a7a7d94fde28c09b4ed641e58ec1384fe9e86ae94887eacb00244519a','78a69fb0c66f6fc0a0024911e10f828fd93e4b2fb11653ddaf613bef958141ca','{"account":"points:9007000012","account_kind":"points","amount":40,"debt":0,"holder":"9007000012","lease":"L-1","lines":[],"lots":[["9999-12-31",40]],"of_receipt_no":0,"owner":"9007000012","reason":"lease","receipt_no":0,"terms":"","worth_minor":0}');
INSERT INTO "journal" VALUES(14,1,14,1700000000011,'boot-a',1011,'synced','staff.loaded','78a69fb0c66f6fc0a0024911e10f828fd93e4b2fb11653ddaf613bef958141ca','a7aea055a130cb20896aa43450fd03ccae84b13ac6aec0b116669f987a146855','{"people":1,"roles":0,"version":"v1"}');
INSERT INTO "journal" VALUES(15,1,15,1700000000012,'boot-a',1012,'synced','staff.clocked_in','a7aea055a130cb20896aa43450fd03ccae84b13ac6aec0b116669f987a146855','3ebc8ac109029ed577fb2f573769aa6643d57bebf7642e9e5159e43bb365a08b','{"staff":"12"}');
INSERT INTO "journal" VALUES(16,1,16,1700000000013,'boot-a',1013,'synced','staff.break_began','3ebc8ac109029ed577fb2f573769aa6643d57bebf7642e9e5159e43bb365a08b','58c0abea92d19f17ee7b342b05c78a67da7f2d0d3e6998227972458860bd8817','{"staff":"12"}');
INSERT INTO "journal" VALUES(17,1,17,1700000000014,'boot-a',1014,'synced','staff.refused','58c0abea92d19f17ee7b342b05c78a67da7f2d0d3e6998227972458860bd8817','2368c993679f2ec06fb700cd074eef0001b2010fb65a1500554f83f9f995bf09','{"staff":"12"}');
INSERT INTO "journal" VALUES(18,1,18,1700000000015,'boot-a',1015,'synced','promotions.loaded','2368c993679f2ec06fb700cd074eef0001b2010fb65a1500554f83f9f995bf09','d558dab174acaf7e1a3b381ce08ed8ada023210f626f5b5bce446500402e565e','{"promotions":1,"version":"v1"}');
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
CREATE TABLE member_list (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version TEXT NOT NULL
) STRICT;
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
INSERT INTO "migration" VALUES(4,'0004_shifts',1700000000001);
INSERT INTO "migration" VALUES(5,'0005_payments',1700000000001);
INSERT INTO "migration" VALUES(6,'0006_staff',1700000000001);
INSERT INTO "migration" VALUES(7,'0007_slips_and_held_sales',1700000000001);
INSERT INTO "migration" VALUES(8,'0008_goods',1700000000001);
INSERT INTO "migration" VALUES(9,'0009_refunds',1700000000001);
INSERT INTO "migration" VALUES(10,'0010_member_list',1700000000001);
INSERT INTO "migration" VALUES(11,'0011_vouchers',1700000000001);
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
CREATE TABLE payment_refund (
  refund TEXT PRIMARY KEY,
  intent TEXT NOT NULL REFERENCES payment (intent),
  position INTEGER NOT NULL REFERENCES journal (position),
  receipt_no INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  state TEXT NOT NULL CHECK (state IN ('sent', 'done', 'refused')),
  reference TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE pin_try (
  staff TEXT PRIMARY KEY,
  wrong INTEGER NOT NULL CHECK (wrong > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO "pin_try" VALUES('12',1);
CREATE TABLE product (
  plu TEXT PRIMARY KEY,
  name_en TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  price_minor INTEGER NOT NULL,
  tax_code TEXT NOT NULL,
  unit TEXT NOT NULL
, categories TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '', discountable INTEGER NOT NULL DEFAULT 1, earns_points INTEGER NOT NULL DEFAULT 1, open_price INTEGER NOT NULL DEFAULT 0, min_age INTEGER NOT NULL DEFAULT 0, is_service INTEGER NOT NULL DEFAULT 0, deposit_plu TEXT NOT NULL DEFAULT '', low_stock_milli INTEGER NOT NULL DEFAULT 0, prices TEXT NOT NULL DEFAULT '', initials TEXT NOT NULL DEFAULT '', words TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
INSERT INTO "product" VALUES('000000','Jasmine tea 000000','茉莉花茶000000',100,'A','each','','',1,1,0,0,0,'',0,'','000000580','0000005276463832000000');
INSERT INTO "product" VALUES('000001','Jasmine tea 000001','茉莉花茶000001',101,'A','each','','',1,1,0,0,0,'',0,'','000001580','0000015276463832000001');
INSERT INTO "product" VALUES('000002','Jasmine tea 000002','茉莉花茶000002',102,'A','each','','',1,1,0,0,0,'',0,'','000002580','0000025276463832000002');
CREATE TABLE promotion (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "promotion" VALUES('half','{"id":"half","name":"Half price","benefit":{"kind":"percent","rate_bp":5000}}');
CREATE TABLE promotion_list (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version TEXT NOT NULL
) STRICT;
INSERT INTO "promotion_list" VALUES(1,'v1');
CREATE TABLE promotion_receipt (
  receipt_no INTEGER NOT NULL REFERENCES sale (receipt_no),
  promotion TEXT NOT NULL,
  member TEXT NOT NULL,
  at INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  PRIMARY KEY (receipt_no, promotion)
) STRICT, WITHOUT ROWID;
INSERT INTO "promotion_receipt" VALUES(2,'half','9007000012',1700000000005,1);
CREATE TABLE promotion_use (
  promotion TEXT PRIMARY KEY,
  uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "promotion_use" VALUES('half',1);
CREATE TABLE refund_of (
  refund_no INTEGER PRIMARY KEY REFERENCES sale (receipt_no),
  receipt_no INTEGER NOT NULL REFERENCES sale (receipt_no)
) STRICT;
INSERT INTO "refund_of" VALUES(3,1);
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
INSERT INTO "shift" VALUES(1,0,0,NULL,NULL);
CREATE TABLE shift_total (
  figure TEXT NOT NULL,
  name TEXT NOT NULL,
  times INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (figure, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "shift_total" VALUES('discount','unit',1,199);
INSERT INTO "shift_total" VALUES('drawer','cash.paid_in',1,2000);
INSERT INTO "shift_total" VALUES('drawer','refund',1,-199);
INSERT INTO "shift_total" VALUES('drawer','sale',1,1990);
INSERT INTO "shift_total" VALUES('given','cash',1,199);
INSERT INTO "shift_total" VALUES('net','A 2000',2,1826);
INSERT INTO "shift_total" VALUES('refund','',1,199);
INSERT INTO "shift_total" VALUES('refund.net','A 2000',1,166);
INSERT INTO "shift_total" VALUES('refund.tax','A 2000',1,33);
INSERT INTO "shift_total" VALUES('sale','',2,2189);
INSERT INTO "shift_total" VALUES('taken','cash',1,1990);
INSERT INTO "shift_total" VALUES('taken','voucher',1,199);
INSERT INTO "shift_total" VALUES('tax','A 2000',2,363);
CREATE TABLE shown_code (
  nonce TEXT PRIMARY KEY,
  expires_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "shown_code" VALUES('9007000012.nonce-01',1700000300);
CREATE TABLE slip (
  kind TEXT NOT NULL,
  number INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE staff_list (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
INSERT INTO "staff_list" VALUES(1,'v1','{"pins":{"most_wrong":5,"wait_minutes":10},"on_receipt":"number","roles":[],"people":[{"number":"12","name":"Anna","role":"cashier","pin":"$argon2id$v=19$m=12288,t=3,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc","language":null,"active":true}]}');
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
CREATE TABLE voucher (
  number TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO "voucher" VALUES('V-1');
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
CREATE INDEX open_payment ON payment (position)
  WHERE state IN ('sent', 'reversing', 'approved', 'lapsed');
CREATE INDEX refund_of_payment ON payment_refund (intent);
CREATE INDEX open_payment_refund ON payment_refund (position) WHERE state <> 'done';
CREATE INDEX refund_of_receipt ON refund_of (receipt_no);
COMMIT;
