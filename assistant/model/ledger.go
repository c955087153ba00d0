package model

import (
	"context"
	"time"

	"sportello/assistant"
	"sportello/prompts"
)

// Ledger keeps how many tokens each tenant's answers took of the chat model, and knows how many they may.
type Ledger interface {
	// Spent says whether a tenant has used up what it may use today.
	Spent(ctx context.Context, tenant string) (bool, error)
	// Spend notes what one answer took. guessed: the server did not say, and the figures are a bound.
	Spend(ctx context.Context, tenant string, read, written int, guessed bool) error
}

type tenantKey struct{}

// ForTenant gives a context whose chats go on a tenant's account; what has none, such as an evaluation, is on nobody's.
func ForTenant(ctx context.Context, tenant string) context.Context {
	return context.WithValue(ctx, tenantKey{}, tenant)
}

// noting bounds the writing of an account: who asked may have left.
const noting = 5 * time.Second

// allowed says whether the tenant of ctx may still use the model: assistant.ErrSpent when not. Answers under way at the same moment
// may together pass the limit by what they take.
func (g *Generator) allowed(ctx context.Context) error {
	tenant, ok := ctx.Value(tenantKey{}).(string)
	if !ok || g.ledger == nil {
		return nil
	}
	spent, err := g.ledger.Spent(ctx, tenant)
	if err == nil && spent {
		err = assistant.ErrSpent
	}
	return err
}

// spend puts what an answer took on the account. A server that was cut short, or that never says, leaves the bound of estimate.
func (g *Generator) spend(ctx context.Context, u *usageReport, msgs []prompts.Message, said string) error {
	tenant, ok := ctx.Value(tenantKey{}).(string)
	if !ok || g.ledger == nil {
		return nil
	}
	guessed := u == nil || u.In+u.Out == 0
	if guessed {
		u = &usageReport{Out: estimate{}.Count(said)}
		for _, m := range msgs {
			u.In += estimate{}.Count(m.Text)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
	defer cancel()
	return g.ledger.Spend(ctx, tenant, u.In, u.Out, guessed)
}
