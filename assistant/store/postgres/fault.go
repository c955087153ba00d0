package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"sportello/assistant/fault"
)

// Explain gives an error of the server a code and a message that says what to do, nil when it is no such error. Citizens may read the message:
// where it was is in the cause, which is for the log.
func Explain(err error, where string) error {
	known := err
	err = fmt.Errorf("%s: %w", where, err)
	var e *pgconn.PgError
	if errors.As(known, &e) {
		return explain(err, e.Code)
	}
	if unproven := new(tls.CertificateVerificationError); errors.As(known, &unproven) || strings.Contains(known.Error(), "server refused TLS connection") {
		return fault.Wrap(fault.Unavailable, err, "the database does not prove who it is: sslrootcert in postgres.address must name the authority of its certificate, and the certificate the host of the address")
	}
	var refused *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &refused) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.Timeout(err) ||
		strings.Contains(known.Error(), "conn closed") {
		return fault.Wrap(fault.Unavailable, err, "the database does not answer: check that it runs and that this machine reaches it")
	}
	return nil
}

func explain(err error, code string) error {
	switch code {
	case "28P01", "28000":
		return fault.Wrap(fault.Invalid, err, "the database does not let us in: check name and password in postgres.address")
	case "3D000":
		return fault.Wrap(fault.Invalid, err, "the database is not there: create it, for instance with createdb --owner sportello sportello")
	case "42501":
		return fault.Wrap(fault.Invalid, err, "the database: the account may not do that: make it the owner of the database")
	case "53100":
		return fault.Wrap(fault.Unavailable, err, "the disk of the database is full: free some space; nothing was lost")
	case "53300":
		return fault.Wrap(fault.Unavailable, err, "the database has no connection left: raise max_connections, each node takes up to 26")
	case "55P03", "40P01", "40001":
		return fault.Wrap(fault.Unavailable, err, "another process keeps the database locked: wait for it to end")
	case "57P01", "57P02", "57P03":
		return fault.Wrap(fault.Unavailable, err, "the database is stopping or starting: try again")
	case "57014":
		return context.Canceled
	case "25006":
		return fault.Wrap(fault.Invalid, err, "the database can only be read: give the address of the primary server")
	}
	switch code[:2] {
	case "08":
		return fault.Wrap(fault.Unavailable, err, "the database does not answer: check that it runs and that this machine reaches it")
	case "53":
		return fault.Wrap(fault.Unavailable, err, "the database has not enough memory, connections or disk")
	case "58", "XX":
		return fault.Wrap(fault.Broken, err, "the database is damaged or its disk fails: look at its log, and restore a backup if need be")
	}
	return nil
}

// Again says whether a transaction that failed may simply be done again: it was in the way of another, and nothing of it is left.
func Again(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40P01" || e.Code == "40001")
}
