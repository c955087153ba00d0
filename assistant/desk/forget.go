package desk

import (
	"context"
	"time"
)

const (
	forgetEvery = 10 * time.Minute
	// handOverDays is how long a question that was left for an office stays after it was answered or closed: as long as the private
	// link can be read.
	handOverDays = 30
)

func (d *Desk) forgetAlways(ctx context.Context) {
	for {
		if err := d.ForgetOld(ctx); err != nil && ctx.Err() == nil {
			d.cfg.Log.WarnContext(ctx, "what is too old could not be deleted; trying again", "error", err)
		}
		if !pause(ctx, forgetEvery) {
			return
		}
	}
}

// ForgetOld deletes what is older than each tenant keeps it, and leaves no trace of it in the files.
func (d *Desk) ForgetOld(ctx context.Context) error {
	tenants, err := d.cfg.Tenants(ctx)
	if err != nil {
		return err
	}
	gone := 0
	for tenant := range tenants {
		days, err := d.Days(ctx, tenant)
		if err != nil {
			return err
		}
		n, err := d.cfg.Records.Expire(ctx, tenant, d.cfg.Now().AddDate(0, 0, -days).Format(time.DateOnly))
		if err != nil {
			return err
		}
		gone += n
	}
	n, err := d.cfg.Records.ExpireHandOvers(ctx, d.cfg.Now().AddDate(0, 0, -handOverDays))
	if err != nil {
		return err
	}
	if gone += n; gone > 0 {
		d.cfg.Log.InfoContext(ctx, "deleted for good", "questions", gone)
	}
	if gone == 0 && !d.owed.Load() {
		return nil
	}
	done, err := d.cfg.Records.Forget(ctx)
	d.owed.Store(err != nil || !done) // a reader was in its way
	return err
}
