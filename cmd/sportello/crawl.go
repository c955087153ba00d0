package main

import (
	"log/slog"
	"net/url"
	"strings"
	"time"

	"sportello/assistant/outbound"
	"sportello/ingest/crawl"
)

// crawler makes what gets documents from addresses: hosts of the configuration, and those of the addresses that the person at
// the command line typed.
func (c *config) crawler(typed []string) (*crawl.Crawler, error) {
	allow := c.Crawl.Allow
	for _, address := range typed {
		if u, err := url.Parse(address); err == nil && u.Host != "" && isAddress(address) {
			allow = append(allow[:len(allow):len(allow)], u.Host)
		}
	}
	client, err := outbound.New(outbound.Config{
		Allow: allow, Private: c.Crawl.Private, MaxBytes: int64(c.Ingest.MaxMB) << 20, Timeout: 5 * time.Minute,
		HeaderTimeout: time.Minute, UserAgent: userAgent(), Logger: slog.Default(),
	})
	if err != nil {
		return nil, err
	}
	return crawl.New(crawl.Config{
		Client: client, UserAgent: userAgent(), Delay: time.Duration(c.Crawl.Seconds) * time.Second, Pages: c.Crawl.Pages,
		Bytes: int64(c.Crawl.MaxMB) << 20,
	}), nil
}

// userAgent is what a site's log shows of us, so that who runs it can tell us apart and ask.
func userAgent() string { return "Sportello/" + versionName() }

func isAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
