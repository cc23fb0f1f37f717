-- Which version of headquarters' members is in force: reference data, as the members are.
CREATE TABLE member_list (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version TEXT NOT NULL
) STRICT;
