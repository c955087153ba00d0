-- What answers took of the machine.

-- +goose Up
CREATE TABLE energy_use (
  tenant      TEXT NOT NULL REFERENCES tenants(slug),
  day         TEXT NOT NULL,
  answers     INTEGER NOT NULL,
  cpu_ms      INTEGER NOT NULL,            -- processor time, engines included
  millijoules INTEGER NOT NULL,
  measured    INTEGER NOT NULL,            -- of these, those that a counter told; the rest is an estimate
  PRIMARY KEY (tenant, day)
);

-- +goose Down
DROP TABLE energy_use;
