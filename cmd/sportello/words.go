package main

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"sportello/assistant/lexicon"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// settingWords are the words of a tenant beside those of the program: lines in the form of assistant/lexicon/glossary_it.txt.
const settingWords = "search.words"

// words are the glossaries of the tenants: the program's, with the lines of the tenant and of its ancestors. A change is seen within wordsAge.
type words struct {
	store *store.Store
	base  func() *lexicon.Glossary
	mu    sync.Mutex
	made  map[string]madeWords // by tenant
}

type madeWords struct {
	glossary *lexicon.Glossary
	lines    string
	at       time.Time
}

const wordsAge = time.Second

func newWords(s *store.Store) *words {
	return &words{store: s, made: map[string]madeWords{}, base: sync.OnceValue(func() *lexicon.Glossary {
		g, err := lexicon.DefaultGlossary()
		if err != nil {
			panic(err) // the file is in the program: a test reads it
		}
		return g
	})}
}

// of gives the glossary of a tenant. What cannot be read leaves the program's words, and is logged: a question is answered all the same.
func (w *words) of(ctx context.Context, tenant string) *lexicon.Glossary {
	w.mu.Lock()
	defer w.mu.Unlock()
	have, ok := w.made[tenant]
	if ok && time.Since(have.at) < wordsAge {
		return have.glossary
	}
	lines, err := w.lines(ctx, tenant)
	if err != nil {
		slog.Warn("the tenant's own words were not read", "tenant", tenant, "error", err)
		return w.base()
	}
	if !ok || have.lines != lines {
		have.glossary, have.lines = w.base(), lines
		if lines != "" {
			extended, err := w.base().Extend(settingWords, lines)
			if err != nil {
				slog.Warn("the tenant's own words are not as they should be", "tenant", tenant, "error", err)
			} else {
				have.glossary = extended
			}
		}
	}
	have.at = time.Now()
	w.made[tenant] = have
	return have.glossary
}

func (w *words) lines(ctx context.Context, tenant string) (string, error) {
	along, err := w.store.SettingAlong(ctx, tenant, settingWords)
	var all []string
	for _, s := range along {
		all = append(all, s.Value)
	}
	return strings.Join(all, "\n"), err
}

// setting is what the page of settings shows of them.
func (w *words) setting() staff.Setting {
	return staff.Setting{Key: settingWords, Group: "search", Kind: staff.Long, Max: 20_000, Check: func(lines string) string {
		if _, err := w.base().Extend(settingWords, lines); err != nil {
			return "setting_problem_words"
		}
		return ""
	}}
}
