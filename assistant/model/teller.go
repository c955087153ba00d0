package model

import (
	"context"
	"strings"

	"sportello/assistant/fault"
	"sportello/prompts"
)

// longestSpeech is how much of what somebody said is given to a model, in characters; longestTold is where a summary has become something
// else, in bytes.
const (
	longestSpeech = 6000
	longestTold   = 1600
)

// Tell tells in indirect speech what somebody said in a session, with the version of the prompt. Nothing of it is verified here.
func (g *Generator) Tell(ctx context.Context, in prompts.SpeechInput) (text, prompt string, err error) {
	if r := []rune(in.Text); len(r) > min(longestSpeech, g.room) {
		in.Text = string(r[:min(longestSpeech, g.room)])
	}
	msgs, err := prompts.Speech(in)
	if err != nil {
		return "", prompts.SpeechVersion, fault.Wrap(fault.Internal, err, "the prompt could not be written")
	}
	var said strings.Builder
	_, err = g.chat(ctx, msgs, func(piece string) error {
		if said.WriteString(piece); said.Len() > longestTold {
			return errEnough
		}
		return nil
	})
	if err != nil && said.Len() <= longestTold {
		return "", prompts.SpeechVersion, err
	}
	text = strings.TrimSpace(said.String())
	if i := strings.LastIndexAny(text, ".!?"); i > 0 { // a sentence that was cut off is none
		text = text[:i+1]
	}
	return text, prompts.SpeechVersion, nil
}
