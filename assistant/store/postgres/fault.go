package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"sportello/assistant/fault"
)

// Explain gives an error of the server a code and a message that says what to do about where, nil when it is no such error.
func Explain(err error, where string) error {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return explain(err, e.Code, where)
	}
	var refused *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &refused) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.Timeout(err) ||
		strings.Contains(err.Error(), "conn closed") {
		return fault.Wrap(fault.Unavailable, err, "%s does not answer: check that it runs and that this machine reaches it", where)
	}
	return nil
}

func explain(err error, code, where string) error {
	switch code {
	case "28P01", "28000":
		return fault.Wrap(fault.Invalid, err, "%s does not let us in: check name and password in store.postgres", where)
	case "3D000":
		return fault.Wrap(fault.Invalid, err, "%s is not there: create the database, for instance with createdb -O sportello sportello", where)
	case "42501":
		return fault.Wrap(fault.Invalid, err, "%s: the account may not do that: make it the owner of the database", where)
	case "53100":
		return fault.Wrap(fault.Unavailable, err, "the disk of %s is full: free some space; nothing was lost", where)
	case "53300":
		return fault.Wrap(fault.Unavailable, err, "%s has no connection left: raise max_connections, each node takes up to 26", where)
	case "55P03", "40P01", "40001":
		return fault.Wrap(fault.Unavailable, err, "another process keeps %s locked: wait for it to end", where)
	case "57P01", "57P02", "57P03":
		return fault.Wrap(fault.Unavailable, err, "%s is stopping or starting: try again", where)
	case "57014":
		return context.Canceled
	case "25006":
		return fault.Wrap(fault.Invalid, err, "%s can only be read: give the address of the primary server", where)
	}
	switch code[:2] {
	case "08":
		return fault.Wrap(fault.Unavailable, err, "%s does not answer: check that it runs and that this machine reaches it", where)
	case "53":
		return fault.Wrap(fault.Unavailable, err, "%s has not enough memory, connections or disk", where)
	case "58", "XX":
		return fault.Wrap(fault.Broken, err, "%s is damaged or its disk fails: look at its log, and restore a backup if need be", where)
	}
	return nil
}

// Again says whether a transaction that failed may simply be done again: it was in the way of another, and nothing of it is left.
func Again(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40P01" || e.Code == "40001")
}
