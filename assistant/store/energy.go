package store

import (
	"context"
	"database/sql"
	"math"
	"time"

	"sportello/assistant"
)

// AddEnergy adds to what a tenant's answers took today of the machine. Errors: fault.NotFound for an unknown tenant.
func (s *Store) AddEnergy(ctx context.Context, tenant string, e assistant.Energy) error {
	if _, err := s.Tenant(ctx, tenant); err != nil {
		return err
	}
	return s.add(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.sql["energy_add"], tenant, s.now().Format(time.DateOnly), e.Answers, e.CPU.Milliseconds(), milli(e.Joules), milli(e.Measured))
		return err
	})
}

func milli(joules float64) int64 { return int64(math.Round(joules * 1000)) }

// Energy sums what a tenant's answers took from a day on (YYYY-MM-DD).
func (s *Store) Energy(ctx context.Context, tenant, from string) (e assistant.Energy, err error) {
	var cpu, joules, measured int64
	err = s.reader.QueryRowContext(ctx, s.sql["energy_sum"], tenant, from).Scan(&e.Answers, &cpu, &joules, &measured)
	e.CPU, e.Joules, e.Measured = time.Duration(cpu)*time.Millisecond, float64(joules)/1000, float64(measured)/1000
	return e, s.fail(err)
}
