// Package questions are the console's pages about what citizens ask: the list of questions and each of them, groups of those that found
// nothing, trends, the answers that offices approved, the questions left for an office, and the switch of the assistant.
//
// It stores nothing: the store keeps, the desk thinks. What citizens wrote is masked before it comes here.
package questions

import (
	"context"
	"embed"
	"time"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/desk"
	"sportello/assistant/store"
	"sportello/locales"
	"sportello/web/site"
	"sportello/web/staff"
)

//go:embed templates/*.html
var templates embed.FS

// Config is what New needs; Now defaults to time.Now.
type Config struct {
	Store   *store.Store
	Library site.Library
	Desk    *desk.Desk
	Now     func() time.Time

	EuroPerKWh float64 // price of electricity, for what answers cost
}

type pages struct{ Config }

// New gives the part.
func New(c Config) (staff.Part, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	l, err := locales.Staff()
	if err != nil {
		return staff.Part{}, err
	}
	p := &pages{c}
	return staff.Part{
		Templates: templates, Funcs: funcs(l),
		Menu: []staff.MenuItem{
			{Label: "questions_menu", Path: "questions", Icon: "it-help-circle", Action: access.ReadQuestions, Order: 30},
			{Label: "answers_menu", Path: "answers", Icon: "it-check-circle", Action: access.ReadQuestions, Order: 32},
			{Label: "handovers_menu", Path: "handovers", Icon: "it-mail", Action: access.TalkToCitizens, Order: 40},
			{Label: "switch_menu", Path: "switch", Icon: "it-locked", Action: access.SwitchOff, Order: 50},
		},
		Routes: append(p.apiRoutes(), []staff.Route{
			staff.Page("questions", access.ReadQuestions, p.list),
			staff.Page("questions/clusters", access.ReadQuestions, p.clusters),
			staff.Page("questions/trends", access.ReadQuestions, p.trends),
			staff.Page("questions/export/{format}", access.ReadQuestions, p.export),
			staff.Page("questions/trends/{format}", access.ReadQuestions, p.exportTrends),
			staff.Page("questions/{id}", access.ReadQuestions, p.show),
			staff.Change("questions/{id}/mark", access.EditAnswers, p.mark),

			staff.Page("answers", access.ReadQuestions, p.answers),
			staff.Page("answers/new", access.EditAnswers, p.newAnswer),
			staff.Page("answers/{id}", access.EditAnswers, p.editAnswer),
			staff.Change("answers/save", access.EditAnswers, p.saveAnswer),
			staff.Change("answers/{id}/withdraw", access.EditAnswers, p.withdraw),

			staff.Page("handovers", access.TalkToCitizens, p.handOvers),
			staff.Page("handovers/{id}", access.TalkToCitizens, p.handOver),
			staff.Page("handovers/waiting", access.TalkToCitizens, p.waiting),
			staff.Change("handovers/available", access.TalkToCitizens, p.available),
			staff.Page("handovers/{id}/chat", access.TalkToCitizens, p.chat),
			staff.Change("handovers/{id}/join", access.TalkToCitizens, p.join),
			staff.Change("handovers/{id}/say", access.TalkToCitizens, p.say),
			staff.Change("handovers/{id}/end", access.TalkToCitizens, p.end),
			staff.Change("handovers/{id}/answer", access.TalkToCitizens, p.answerHandOver),
			staff.Change("handovers/{id}/move", access.TalkToCitizens, p.moveHandOver),
			staff.Change("handovers/{id}/close", access.TalkToCitizens, p.closeHandOver),

			staff.Page("switch", access.SwitchOff, p.switches),
			staff.Change("switch/off", access.SwitchOff, p.off),
			staff.Change("switch/on", access.SwitchOff, p.on),
		}...),
		Tiles: p.tiles,
		Steps: p.steps,
		Settings: []staff.Setting{{Key: desk.DaysSetting, Group: "questions", Kind: staff.Number, Default: "7", Min: 0, Max: desk.MostDays},
			{Key: desk.ChatSetting, Group: "questions", Kind: staff.Switch, Default: "1"}},
	}, nil
}

// tiles are what waits: questions for offices, and questions that found nothing and nobody has looked at.
func (p *pages) tiles(ctx context.Context, v *staff.Visit) ([]staff.Tile, error) {
	var out []staff.Tile
	if v.May(access.TalkToCitizens) {
		open, err := p.Store.OpenHandOvers(ctx, v.Tenant.Slug)
		if err != nil {
			return nil, err
		}
		n := 0
		for _, count := range open {
			n += count
		}
		out = append(out, staff.Tile{Label: "questions_tile_handovers", Count: n, Path: "handovers", Alert: true})
	}
	if v.May(access.ReadQuestions) {
		_, n, err := p.Store.AskedList(ctx, v.Tenant.Slug, assistant.AskedFilter{What: "unanswered", Open: true, Limit: 1})
		if err != nil {
			return nil, err
		}
		out = append(out, staff.Tile{Label: "questions_tile_unanswered", Count: n, Path: "questions?what=unanswered&open=1", Alert: true})
	}
	return out, nil
}

func (p *pages) steps(ctx context.Context, v *staff.Visit) ([]staff.Step, error) {
	counts, err := p.Store.Counts(ctx, v.Tenant.Slug, "", "")
	if err != nil {
		return nil, err
	}
	return []staff.Step{{Label: "questions_step", Help: "questions_step_help", Path: "/t/" + v.Tenant.Slug + "/", Done: len(counts) > 0, Order: 30}}, nil
}

// entry is what the audit log says of a change.
func entry(v *staff.Visit, action, object, note string) store.AuditEntry {
	return store.AuditEntry{Actor: v.Actor(), Action: action, Tenant: v.Tenant.Slug, Object: object, Note: note}
}

// note writes the audit entry of what has no transaction of its own here.
func (p *pages) note(ctx context.Context, v *staff.Visit, action, object, note string) error {
	return p.Store.Note(ctx, entry(v, action, object, note))
}

// by is who did something, in the words that an answer or a reply shows to colleagues.
func by(v *staff.Visit) string {
	if v.Person != nil {
		return v.Person.Name
	}
	return v.Actor()
}

// offices gives the names of the tenant's offices and the subjects of all of them.
func (p *pages) offices(ctx context.Context, tenant string) (names, subjects []string, err error) {
	all, err := p.Store.Offices(ctx, tenant)
	seen := map[string]bool{}
	for _, o := range all {
		names = append(names, o.Name)
		for _, s := range o.Subjects {
			if !seen[s] {
				seen[s] = true
				subjects = append(subjects, s)
			}
		}
	}
	return names, subjects, err
}
