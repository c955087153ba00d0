package model

import (
	"context"
	"sync"
)

// Tokens adds up what chat servers say that their answers took. It is safe for concurrent use.
type Tokens struct {
	mu      sync.Mutex
	in, out int
	answers int
}

// usageReport is what a server reports of one answer.
type usageReport struct {
	In  int `json:"prompt_tokens"`
	Out int `json:"completion_tokens"`
}

type tokensKey struct{}

// CountTokens gives a context whose chats are counted. A server that does not report what an answer took adds nothing.
func CountTokens(ctx context.Context) (context.Context, *Tokens) {
	t := &Tokens{}
	return context.WithValue(ctx, tokensKey{}, t), t
}

func tokensOf(ctx context.Context) *Tokens {
	t, _ := ctx.Value(tokensKey{}).(*Tokens)
	return t
}

// Sum gives the tokens of prompts and of answers, and how many answers were counted; 0 answers: the server does not report.
func (t *Tokens) Sum() (in, out, answers int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.in, t.out, t.answers
}

// add takes in the report of one answer; one that counts nothing is none.
func (t *Tokens) add(u *usageReport) {
	if t == nil || u == nil || u.In+u.Out == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.in, t.out, t.answers = t.in+u.In, t.out+u.Out, t.answers+1
}
