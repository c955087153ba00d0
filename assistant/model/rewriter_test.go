package model

import (
	"net/http"
	"strings"
	"testing"

	"sportello/assistant/fault"
)

func TestRewrite(t *testing.T) {
	for name, c := range map[string]struct {
		says http.HandlerFunc
		want string
		code fault.Code
	}{
		"one line":           {events(delta("Quanto costa la Sala"), delta(" della Torre?"), stop, done), "Quanto costa la Sala della Torre?", ""},
		"in quotes":          {events(delta("\n\"Quanto costa?\"\n"), stop, done), "Quanto costa?", ""},
		"and a comment":      {events(delta("Quanto costa?\n"), delta("Spero di aver"), delta(" aiutato."), stop, done), "Quanto costa?", ""},
		"without end":        {events(delta(strings.Repeat("Quanto costa ", 100)), stop, done), "", fault.Unavailable},
		"cut":                {events(delta("Quanto")), "", fault.Unavailable},
		"the server refuses": {status(400, ""), "", fault.Invalid},
	} {
		got, err := generatorAt(t, serve(t, c.says), nil, nil).Rewrite(t.Context(), "Quanto costa la Sala civica?", "e la Sala della Torre?", "it")
		if got != c.want || (err == nil) != (c.code == "") || err != nil && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
