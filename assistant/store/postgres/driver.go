package postgres

import (
	"context"
	"database/sql/driver"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// connector gives connections of pgx that take the store's SQL.
type connector struct {
	driver.Connector
	rewritten *sync.Map // query -> Rewrite(query): the statements of the store are few and always the same
}

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return conn{inner.(*stdlib.Conn), c.rewritten}, nil
}

// conn is a connection of pgx whose statements are rewritten. What it does not do itself it takes from that.
type conn struct {
	*stdlib.Conn
	rewritten *sync.Map
}

func (c conn) rewrite(query string) string {
	if known, ok := c.rewritten.Load(query); ok {
		return known.(string)
	}
	q := Rewrite(query)
	c.rewritten.Store(query, q)
	return q
}

func (c conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	return c.Conn.PrepareContext(ctx, c.rewrite(query))
}

func (c conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.ExecContext(ctx, c.rewrite(query), args)
}

func (c conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.Conn.QueryContext(ctx, c.rewrite(query), args)
}

// CheckNamedValue makes an argument what a column of the store holds.
func (c conn) CheckNamedValue(v *driver.NamedValue) (err error) {
	if v.Value, err = driver.DefaultParameterConverter.ConvertValue(v.Value); err != nil {
		return err
	}
	if text, ok := v.Value.(string); ok {
		v.Value = Text(text)
	}
	return nil
}

// numberOf lets a boolean go into a column that holds 0 and 1.
func numberOf(value any) (plan pgtype.WrappedEncodePlanNextSetter, next any, ok bool) {
	if _, ok := value.(bool); !ok {
		return nil, nil, false
	}
	return new(boolPlan), int64(0), true
}

type boolPlan struct{ next pgtype.EncodePlan }

func (p *boolPlan) SetNext(next pgtype.EncodePlan) { p.next = next }

func (p *boolPlan) Encode(value any, buf []byte) ([]byte, error) {
	if value.(bool) {
		return p.next.Encode(int64(1), buf)
	}
	return p.next.Encode(int64(0), buf)
}

// prepareTypes teaches a connection what the store's columns hold.
func prepareTypes(_ context.Context, c *pgx.Conn) error {
	m := c.TypeMap()
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{numberOf}, m.TryWrapEncodePlanFuncs...)
	return nil
}

// Text makes a text fit for PostgreSQL, which takes neither the zero byte nor what is not UTF-8: U+FFFD stands for each, as in what
// people would see anyway.
func Text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
