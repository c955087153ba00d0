package web

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
)

// gossip takes what net/http has to say of connections into the log, without the addresses of people. That somebody speaks no TLS, or an old one,
// is nothing for an administrator to read by the thousand.
type gossip struct{ log *slog.Logger }

var from = regexp.MustCompile(` from \[?[0-9a-fA-F.:%]+\]?:\d+`)

func (g gossip) Write(line []byte) (int, error) {
	text := from.ReplaceAllString(strings.TrimSpace(string(line)), "")
	level := slog.LevelWarn
	if strings.HasPrefix(text, "http: TLS handshake error") {
		level = slog.LevelDebug
	}
	g.log.Log(context.Background(), level, text)
	return len(line), nil
}
