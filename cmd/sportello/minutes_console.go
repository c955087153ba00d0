package main

import (
	"context"
	"crypto/ed25519"
	"time"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/minutes"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/drafting/rule"
	"sportello/assistant/drafting/workbench"
	"sportello/web/staff"
	pages "sportello/web/staff/minutes"
	"sportello/web/staff/revision"
)

// minutes makes the pages of sessions and their verbali.
func (a *app) minutes() (staff.Part, error) {
	s := &session{cfg: a.cfg}
	library, err := s.draftLibrary()
	if err != nil {
		return staff.Part{}, err
	}
	within := time.Duration(a.cfg.Chat.Seconds) * time.Second
	var told minutes.Phraser
	if a.models != nil {
		if f, ok := phraser(a.models.Generator, within); ok {
			told = f
		}
	}
	return pages.New(pages.Config{
		Phraser: told, Within: within, Store: a.store, Library: library, Tool: "sportello " + version,
		Read: func(ctx context.Context, name string, data []byte) (*minutes.Transcript, error) {
			return readTranscript(ctx, a.cfg, name, data)
		},
		Check: func(ctx context.Context, d *drafting.Draft) ([]rule.Finding, error) {
			report, err := s.checkAct(ctx, workbench.Act(d, "", time.Now()), "", nil)
			if err != nil {
				return nil, err
			}
			return report.Findings, nil
		},
		Key: func() (ed25519.PrivateKey, error) { return s.draftKey() },
	}), nil
}

// revision makes the pages of the revision of regulations.
func (a *app) revision() staff.Part {
	return revision.New(revision.Config{Store: a.store, References: func(ctx context.Context, tenant, text, day string) ([]reference.Checked, error) {
		norms, err := reference.LoadNorms()
		if err != nil {
			return nil, err
		}
		volumes, err := tenantVolumes(ctx, a.store, tenant, day)
		if err != nil {
			return nil, err
		}
		return reference.Check(ctx, text, day, norms, reference.NewShelf(volumes))
	}})
}

// signer gives the public key that exports of this installation are signed with.
func (a *app) signer() (ed25519.PublicKey, error) {
	key, err := (&session{cfg: a.cfg}).draftKey()
	if err != nil {
		return nil, err
	}
	public, _ := key.Public().(ed25519.PublicKey)
	return public, nil
}
