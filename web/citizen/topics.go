package citizen

import (
	"context"
	"sync"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/web/dialogue"
	"sportello/web/site"
)

// topicCache keeps the suggested questions of each tenant for a while: finding them reads documents.
type topicCache struct {
	now  func() time.Time
	mu   sync.Mutex
	held map[string]heldTopics
}

type heldTopics struct {
	topics []dialogue.Topic
	until  time.Time
}

const (
	topicsKept    = 5 * time.Minute
	topicsRead    = 8 // documents looked into
	topicsWanted  = 4
	perRegulation = 2
)

func newTopicCache(now func() time.Time) *topicCache {
	return &topicCache{now: now, held: map[string]heldTopics{}}
}

// of gives up to four things that the tenant's documents in force answer.
func (c *topicCache) of(ctx context.Context, lib site.Library, tenant string) ([]dialogue.Topic, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if h, ok := c.held[tenant]; ok && now.Before(h.until) {
		return h.topics, nil
	}
	topics, err := findTopics(ctx, lib, tenant, now.Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	c.held[tenant] = heldTopics{topics, now.Add(topicsKept)}
	return topics, nil
}

func findTopics(ctx context.Context, lib site.Library, tenant, today string) ([]dialogue.Topic, error) {
	docs, err := lib.Documents(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var out []dialogue.Topic
	var read int
	forms := 0
	for _, d := range docs {
		if len(out) >= topicsWanted || read >= topicsRead {
			break
		}
		if !d.InForce(today) || d.Kind != ingest.Regolamento && (d.Kind != ingest.Modulo || forms > 0) {
			continue
		}
		read++
		content, err := lib.Content(ctx, tenant, d.ID)
		if fault.CodeOf(err) == fault.NotFound {
			continue // retired since the list was made
		}
		if err != nil {
			return nil, err
		}
		found := dialogue.Topics(d.Title, content, perRegulation)
		if len(found) > 0 && d.Kind == ingest.Modulo {
			forms++
		}
		out = append(out, found...)
	}
	if len(out) > topicsWanted {
		out = out[:topicsWanted]
	}
	return out, nil
}
