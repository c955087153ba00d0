package model

import (
	"context"
	"strings"

	"sportello/assistant/fault"
	"sportello/prompts"
)

// longestRewrite is where a question that a model completes has become something else; in bytes.
const longestRewrite = 600

// Rewrite says a question in full that leans on the one before it; see assistant.Rewriter for the contract.
func (g *Generator) Rewrite(ctx context.Context, before, question, language string) (string, error) {
	msgs, err := prompts.Rewrite(prompts.RewriteInput{Before: before, Question: question, Language: language})
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "the prompt could not be written")
	}
	var said strings.Builder
	whole := false // the line has ended
	_, err = g.chat(ctx, msgs, func(piece string) error {
		said.WriteString(piece)
		whole = strings.Contains(strings.TrimLeft(said.String(), "\n "), "\n")
		if whole || said.Len() > longestRewrite {
			return errEnough
		}
		return nil
	})
	line, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n")
	switch {
	case whole:
	case said.Len() > longestRewrite:
		return "", fault.New(fault.Unavailable, "the chat model did not write one question")
	case err != nil:
		return "", err
	}
	return strings.Trim(line, " \"«»“”"), nil
}
