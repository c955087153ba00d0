package staff

import (
	"context"
	"net/http"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/site"
)

// mostTokens is a bound for a day's tokens: more than a server with a GPU makes.
const mostTokens = 1_000_000_000

// snippet is the line that a site which may show the widget puts in its pages.
func (c *Console) snippet(_ context.Context, v *Visit) (string, error) {
	base := c.cfg.PublicURL
	if base == "" {
		base = v.L.T("settings_widget_here")
	}
	return v.L.T("settings_widget_snippet", map[string]any{"Snippet": `<script src="` + base + `/widget.js" data-tenant="` + v.Tenant.Slug + `" defer></script>`}), nil
}

// used says how much of the chat model the tenant used today.
func (c *Console) used(ctx context.Context, v *Visit) (string, error) {
	u, err := c.store.UseToday(ctx, v.Tenant.Slug)
	if err != nil {
		return "", err
	}
	text := v.L.N("settings_tokens_used", u.Answers, map[string]any{"Tokens": v.L.Number(u.Tokens())})
	if u.Guessed > 0 {
		text += " " + v.L.N("settings_tokens_guessed", u.Guessed)
	}
	spent, err := c.store.Spent(ctx, v.Tenant.Slug)
	if spent {
		text += " " + v.L.T("settings_tokens_spent")
	}
	return text, err
}

// pageSettings are those that the citizens' pages read, see site.Tenant, and those of the program's own parts.
func (c *Console) pageSettings() []Setting {
	return []Setting{
		{Key: site.SettingLanguages, Group: "page", Kind: Several, Choices: site.Languages(), Default: strings.Join(site.Languages(), " "), Check: func(v string) string {
			if !strings.HasPrefix(v, "it") {
				return "setting_problem_italian"
			}
			return ""
		}},
		{Key: site.SettingNotice, Group: "page", Kind: Long, Max: 500},
		{Key: site.SettingColour, Group: "page", Kind: Colour, Default: "#0059b3"},
		{Key: site.SettingLogo, Group: "page", Kind: Picture},
		{Key: site.SettingAccessibility, Group: "links", Kind: Link},
		{Key: site.SettingPrivacy, Group: "links", Kind: Link},
		{Key: site.SettingLegal, Group: "links", Kind: Link},
		{Key: site.SettingFAQ, Group: "links", Kind: Link},
		{Key: site.SettingReport, Group: "links", Kind: Link},
		{Key: store.SettingTone, Group: "chat", Kind: Choice, Choices: []string{"plain", "formal"}, Default: "plain"},
		{Key: store.SettingTokens, Group: "chat", Kind: Number, Default: "0", Max: mostTokens, Now: c.used},
		{Key: store.SettingPhone, Group: "contact", Kind: Phone},
		{Key: store.SettingEmail, Group: "contact", Kind: Email},
		{Key: store.SettingPEC, Group: "contact", Kind: Email},
		{Key: store.SettingAddress, Group: "contact", Kind: Text, Max: 200},
		{Key: store.SettingHours, Group: "contact", Kind: Text, Max: 200},
		{Key: store.SettingLink, Group: "contact", Kind: Link},
		{Key: site.SettingWidget, Group: "widget", Kind: Origins, Now: c.snippet},
	}
}

// Settings gives all keys that can be set, in the order of the page.
func (c *Console) Settings() []Setting {
	var out []Setting
	for _, p := range c.parts {
		out = append(out, p.Settings...)
	}
	return out
}

func (c *Console) settingRoutes() []Route {
	return []Route{
		Page("settings", access.ReadSettings, c.settingsPage),
		Change("settings/{key}", access.EditSettings, c.saveSetting), Change("settings/{key}/inherit", access.EditSettings, c.inheritSetting),
		Change("settings/{key}/picture", access.EditSettings, c.savePicture).WithBody(pictureBytes + 64<<10),
	}
}

// settingHere is a setting with what holds in this tenant.
type settingHere struct {
	Setting
	Value   string
	Own     bool
	From    string // name of the ancestor that it comes from; empty: of the program, or own
	Problem string
	State   string // what Now says
}

// Chosen says whether a choice is one of the value's.
func (s settingHere) Chosen(choice string) bool {
	for _, one := range strings.Fields(s.Value) {
		if one == choice {
			return true
		}
	}
	return false
}

type settingGroup struct {
	Name     string
	Settings []settingHere
}

func (c *Console) settingsPage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return c.drawSettings(w, r, v, "", "", "")
}

// drawSettings draws the page; the setting key shows value and problem instead of what is stored.
func (c *Console) drawSettings(w http.ResponseWriter, r *http.Request, v *Visit, key, value, problem string) error {
	stored, err := c.store.Settings(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	names, err := c.names(r.Context())
	if err != nil {
		return err
	}
	var groups []settingGroup
	at := map[string]int{}
	for _, s := range c.Settings() {
		here := settingHere{Setting: s, Value: s.Default}
		if x, ok := stored[s.Key]; ok {
			here.Value, here.Own = x.Value, x.Own
			if !x.Own {
				here.From = names[x.From]
				if x.From == store.Everywhere {
					here.From = v.L.T("staff_everywhere")
				}
			}
		}
		if s.Now != nil {
			if here.State, err = s.Now(r.Context(), v); err != nil {
				return err
			}
		}
		if s.Key == key {
			here.Value, here.Problem = value, problem
		}
		i, ok := at[s.Group]
		if !ok {
			i = len(groups)
			at[s.Group] = i
			groups = append(groups, settingGroup{Name: s.Group})
		}
		groups[i].Settings = append(groups[i].Settings, here)
	}
	return v.Render(w, "settings", v.L.T("settings_title"), groups)
}

func (c *Console) settingOf(key string) (Setting, error) {
	for _, s := range c.Settings() {
		if s.Key == key {
			return s, nil
		}
	}
	return Setting{}, fault.New(fault.NotFound, "there is no setting %q", key)
}

func (c *Console) saveSetting(w http.ResponseWriter, r *http.Request, v *Visit) error {
	s, err := c.settingOf(r.PathValue("key"))
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return bodyFault(err)
	}
	value, problem := s.Clean(strings.Join(r.PostForm["value"], " "))
	if problem != "" {
		v.Status = http.StatusUnprocessableEntity
		v.Problem = v.L.T("settings_problem")
		return c.drawSettings(w, r, v, s.Key, value, v.L.T(problem, map[string]any{"Min": s.Min, "Max": s.Max}))
	}
	if err := c.store.PutSetting(r.Context(), v.Actor(), v.Tenant.Slug, s.Key, value); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("settings")+"#"+s.Name(), "settings_done_saved")
}

func (c *Console) inheritSetting(w http.ResponseWriter, r *http.Request, v *Visit) error {
	s, err := c.settingOf(r.PathValue("key"))
	if err != nil {
		return err
	}
	if err := c.store.DropSetting(r.Context(), v.Actor(), v.Tenant.Slug, s.Key); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("settings"), "settings_done_inherit")
}
