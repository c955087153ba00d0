package desk

import (
	"context"

	"sportello/assistant"
)

// Kept gives what is kept of the conversation of a code, as somebody wrote it. It is empty when there is nothing. fault.Invalid for what is no code.
func (d *Desk) Kept(ctx context.Context, tenant, code string) (*assistant.Kept, error) {
	c, err := assistant.ParseCode(code)
	if err != nil {
		return nil, err
	}
	return d.cfg.Records.Kept(ctx, assistant.ByCitizen, tenant, c)
}

// Erase deletes it for good, and leaves no trace of it in the files.
func (d *Desk) Erase(ctx context.Context, tenant, code string) (assistant.Erased, error) {
	c, err := assistant.ParseCode(code)
	if err != nil {
		return assistant.Erased{}, err
	}
	gone, err := d.cfg.Records.EraseConversation(ctx, assistant.ByCitizen, tenant, c)
	if err != nil || gone == (assistant.Erased{}) {
		return gone, err
	}
	done, err := d.cfg.Records.Forget(ctx)
	if err != nil || !done {
		d.owed.Store(true) // a reader was in its way: forgetAlways tries again
	}
	return gone, nil //nolint:nilerr // the rows are gone
}
