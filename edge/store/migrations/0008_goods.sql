-- What a product is besides its name and price. Names are separated by blanks, categories stand with
-- those above them, prices of lists are `list=minor`.
ALTER TABLE product ADD COLUMN categories TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN discountable INTEGER NOT NULL DEFAULT 1;
ALTER TABLE product ADD COLUMN earns_points INTEGER NOT NULL DEFAULT 1;
ALTER TABLE product ADD COLUMN open_price INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN min_age INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN is_service INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN deposit_plu TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN low_stock_milli INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN prices TEXT NOT NULL DEFAULT '';

-- Its lines of what a search looks through, which the catalogue's file gave; empty before it did.
ALTER TABLE product ADD COLUMN initials TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN words TEXT NOT NULL DEFAULT '';
