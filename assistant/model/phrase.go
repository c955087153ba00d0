package model

import (
	"context"
	"strings"

	"sportello/prompts"
)

// longestPhrase is where a part of an act has become something else; in bytes.
const longestPhrase = 1600

// Phrase gives what the model writes to a prompt, and whether it came to its end by itself. What it says is for the caller to check.
func (g *Generator) Phrase(ctx context.Context, messages []prompts.Message) (text string, whole bool, err error) {
	var said strings.Builder
	finish, err := g.chat(ctx, messages, func(piece string) error {
		said.WriteString(piece)
		if said.Len() > longestPhrase {
			return errEnough
		}
		return nil
	})
	if said.Len() > longestPhrase {
		return said.String(), false, nil
	}
	return said.String(), finish == "stop", err
}
