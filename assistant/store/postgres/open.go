package postgres

import (
	"context"
	"database/sql"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"sportello/assistant/fault"
)

// Server is a database that was found by its address.
type Server struct {
	config *pgx.ConnConfig
	wait   time.Duration
}

// Parse reads the address of a database, postgres://name:password@host:5432/database or the words that libpq takes. wait is how long a
// statement waits for a lock. No error repeats the address: there may be a password in it.
func Parse(dsn string, wait time.Duration) (*Server, error) {
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The cause quotes what was given, password and all: it is left out.
		return nil, fault.New(fault.Invalid, "the address of the PostgreSQL database cannot be read: write postgres://name:password@host:5432/database")
	}
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "sportello"
	}
	// A node that vanishes without a word, by power or network, lets its locks go within half a minute.
	for name, value := range map[string]string{
		"lock_timeout": strconv.FormatInt(wait.Milliseconds(), 10), "idle_in_transaction_session_timeout": "60000",
		"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
		"client_min_messages": "warning",
	} {
		if c.RuntimeParams[name] == "" {
			c.RuntimeParams[name] = value
		}
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 10 * time.Second
	}
	return &Server{c, wait}, nil
}

// Name says which database it is, without the password.
func (s *Server) Name() string {
	host := s.Host()
	if host == "" {
		host = s.config.Host
	}
	return "PostgreSQL " + host + "/" + s.config.Database
}

// Host is the server with its port, empty for a socket of this machine.
func (s *Server) Host() string {
	if strings.HasPrefix(s.config.Host, "/") {
		return ""
	}
	return net.JoinHostPort(s.config.Host, strconv.Itoa(int(s.config.Port)))
}

// Open gives connections to the database, most of them at a time.
func (s *Server) Open(most int) *sql.DB {
	db := sql.OpenDB(connector{stdlib.GetConnector(*s.config, stdlib.OptionAfterConnect(prepareTypes)), new(sync.Map)})
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db
}

// Version is what the server says it is, "15.18".
func Version(ctx context.Context, db *sql.DB) (version string, err error) {
	return version, db.QueryRowContext(ctx, "SELECT split_part(current_setting('server_version'), ' ', 1)").Scan(&version)
}
