package main

import (
	"os"
	"strings"

	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
	"sportello/assistant/store"
)

// checkStore reads where the store is. The address of a database may hold a password, so that it can lie in a file of its own.
func (c *config) checkStore() error {
	switch c.Store {
	case "sqlite":
		return nil
	case "postgres":
		address, err := c.postgresAddress()
		c.Postgres.Address = address
		return err
	}
	return fault.New(fault.Invalid, "store = %q: write \"sqlite\" or \"postgres\"", c.Store)
}

// postgresAddress gives the address of the database, out of its file when there is one.
func (c *config) postgresAddress() (string, error) {
	if c.Postgres.Address == "" && c.Postgres.AddressFile != "" {
		b, err := os.ReadFile(c.Postgres.AddressFile)
		if err != nil {
			return "", fault.Wrap(fault.Invalid, err, "postgres.address_file: %s cannot be read", c.Postgres.AddressFile)
		}
		return strings.TrimSpace(string(b)), nil
	}
	if c.Postgres.Address == "" {
		return "", fault.New(fault.Invalid, "PostgreSQL wants an address: set SPORTELLO_POSTGRES_ADDRESS, or postgres.address_file, "+
			"to postgres://name:password@host:5432/database")
	}
	return c.Postgres.Address, nil
}

// storeConfig is what the store is opened with.
func (c *config) storeConfig() store.Config {
	out := store.Config{Dir: c.Data, Analyze: terms, AnalyzerVersion: lexicon.AnalyzerVersion}
	if c.Store == "postgres" {
		out.Postgres = c.Postgres.Address
	}
	return out
}
