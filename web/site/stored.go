package site

import (
	"context"
	"io"
	"path"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
)

// maxOriginal bounds a file that is sent: one that was ingested is below it.
const maxOriginal = 512 << 20

// stored is the Library on the store.
type stored struct{ s *store.Store }

// FromStore gives the Library of a store.
func FromStore(s *store.Store) Library { return stored{s} }

func (l stored) Tenants(ctx context.Context) ([]Tenant, error) {
	all, err := l.s.Tenants(ctx)
	out := make([]Tenant, 0, len(all))
	for _, t := range all {
		out = append(out, Tenant{Slug: t.Slug, Name: t.Name, Kind: t.Kind})
	}
	return out, err
}

func (l stored) Tenant(ctx context.Context, slug string) (*Tenant, error) {
	t, err := l.s.Tenant(ctx, slug)
	if err != nil {
		return nil, err
	}
	set, err := l.s.Settings(ctx, slug)
	if err != nil {
		return nil, err
	}
	return &Tenant{
		Slug: t.Slug, Name: t.Name, Kind: t.Kind,
		Languages: strings.Fields(set[SettingLanguages].Value), Notice: set[SettingNotice].Value, Terms: set[SettingTerms].Value, Colour: set[SettingColour].Value, Logo: set[SettingLogo].Value,
		Accessibility: set[SettingAccessibility].Value, Privacy: set[SettingPrivacy].Value, Legal: set[SettingLegal].Value,
		FAQ: set[SettingFAQ].Value, Report: set[SettingReport].Value,
		WidgetOrigins: strings.Fields(set[SettingWidget].Value),
	}, nil
}

func (l stored) Documents(ctx context.Context, tenant string) ([]Document, error) {
	lineage, err := l.s.Lineage(ctx, tenant)
	if err != nil {
		return nil, err
	}
	taken, err := l.s.Overridden(ctx, tenant, time.Now().Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	var out []Document
	for _, owner := range lineage {
		records, err := l.s.Documents(ctx, owner, store.Filter{Visibility: ingest.Public})
		if err != nil {
			return nil, err
		}
		for i := range records {
			if visible(&records[i], tenant) && !taken[records[i].ID] {
				out = append(out, fromRecord(&records[i]))
			}
		}
	}
	return out, nil
}

func (l stored) Document(ctx context.Context, tenant, id string) (*Document, error) {
	r, err := l.record(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	d := fromRecord(r)
	return &d, nil
}

func (l stored) Content(ctx context.Context, tenant, id string) (*ingest.Document, error) {
	r, err := l.record(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	return l.s.Content(ctx, r.Tenant, id)
}

func (l stored) Original(ctx context.Context, tenant, id string) (_ *Original, err error) {
	r, err := l.record(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	file, _, err := l.s.Original(ctx, r.Tenant, id)
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := file.Close(); err == nil {
			err = e
		}
	}()
	data, err := io.ReadAll(io.LimitReader(file, maxOriginal+1))
	if err == nil && len(data) > maxOriginal {
		err = fault.New(fault.TooLarge, "the original of %s is too large to send", r.Source)
	}
	return &Original{Name: path.Base(strings.TrimRight(r.Source, "/")), Bytes: data}, err
}

func (l stored) Contacts(ctx context.Context, tenant string) ([]assistant.Contact, error) {
	return l.s.Contacts(ctx, tenant)
}

func (l stored) Logo(ctx context.Context, tenant string) ([]byte, error) {
	set, _, err := l.s.Setting(ctx, tenant, SettingLogo)
	if err != nil {
		return nil, err
	}
	return l.s.Picture(ctx, set.Value)
}

// record finds a document that the public may see from the tenant's pages: the tenant's own or a shared one of an ancestor.
func (l stored) record(ctx context.Context, tenant, id string) (*store.Record, error) {
	lineage, err := l.s.Lineage(ctx, tenant)
	if err != nil {
		return nil, err
	}
	for _, owner := range lineage {
		r, err := l.s.Document(ctx, owner, id)
		if fault.CodeOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		if visible(r, tenant) {
			return r, nil
		}
	}
	return nil, fault.New(fault.NotFound, "%s has no document %s", tenant, id)
}

func visible(r *store.Record, tenant string) bool {
	return r.Visibility == ingest.Public && r.State != store.Retired && (r.Tenant == tenant || r.Shared)
}

func fromRecord(r *store.Record) Document {
	return Document{
		ID: r.ID, Tenant: r.Tenant, Source: r.Source, Title: r.Title, Kind: r.Kind, Format: r.Format, Language: r.Language,
		Visibility: r.Visibility, Approval: r.Approval, Date: r.Date, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Year: r.Year,
		Pages: r.Pages, Form: r.Form, Superseded: r.State != store.Live, Updated: r.AddedAt,
	}
}
