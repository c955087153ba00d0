package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"sportello/assistant"
	"sportello/web/dialogue"
	"sportello/web/site"
)

var metricName = regexp.MustCompile(`\b(sportello|process|go)_[a-z_]+\b`)

// Every figure that the dashboard and the alerts name is exported, and every figure of ours is looked at by one of them.
func TestMonitoringNamesWhatIsExported(t *testing.T) {
	m := newMetrics("v1", func(context.Context) (site.Stats, error) {
		return site.Stats{
			Documents: map[string]int{"a": 1}, Chunks: map[string]int{"a": 1}, Index: &site.IndexState{Kind: "embedded", Well: true},
			Servers: []site.ModelServer{{Task: "chat", Name: "s"}}, Queues: []site.ModelQueue{{Task: "chat", Waiting: map[string]int{"citizen": 1}}},
			Store: site.StoreStats{Server: "SQLite"}, Backup: &site.BackupState{Last: map[string]time.Time{"/mnt": {}}}, Disk: &site.DiskState{Free: 1, Size: 2, FreeInodes: 1, SizeInodes: 2},
		}, nil
	}, slog.New(slog.DiscardHandler))
	m.request("GET", "/", 200, time.Second)
	m.observe(dialogue.Outcome{Tenant: "a", Status: assistant.Answered, Rejected: 1})
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	exported := map[string]bool{}
	for _, f := range families {
		exported[f.GetName()] = true
		if f.GetType().String() == "HISTOGRAM" {
			for _, part := range []string{"_bucket", "_sum", "_count"} {
				exported[f.GetName()+part] = true
			}
		}
	}
	named := map[string]bool{}
	look := func(file, expr string) {
		found := metricName.FindAllString(expr, -1)
		if len(found) == 0 && !strings.Contains(expr, "up{") {
			t.Errorf("%s: %q looks at nothing", file, expr)
		}
		if strings.Count(expr, "(") != strings.Count(expr, ")") {
			t.Errorf("%s: %q does not close its parentheses", file, expr)
		}
		for _, name := range found {
			named[name] = true
			if !exported[name] {
				t.Errorf("%s names %s, which nobody exports", file, name)
			}
		}
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				For         string
				Labels      map[string]string
				Annotations map[string]string
			}
		}
	}
	raw, err := os.ReadFile("../deploy/monitoring/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, &rules); err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.Groups[0].Rules {
		look("alerts.yml", r.Expr)
		if _, err := time.ParseDuration(r.For); err != nil || r.Alert == "" || !slices.Contains([]string{"warning", "critical"}, r.Labels["severity"]) || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
			t.Errorf("%q is not whole: %v", r.Alert, err)
		}
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if raw, err = os.ReadFile("../deploy/monitoring/grafana.json"); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &board); err != nil {
		t.Fatal(err)
	}
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			look("grafana.json", target.Expr)
		}
	}
	for name := range exported {
		if base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_sum"), "_count"); strings.HasPrefix(name, "sportello_") && !named[name] && !named[base+"_bucket"] && name != "sportello_chunks" {
			t.Errorf("nobody looks at %s", name)
		}
	}
	if len(rules.Groups[0].Rules) < 10 || len(board.Panels) < 10 {
		t.Errorf("%d rules, %d panels", len(rules.Groups[0].Rules), len(board.Panels))
	}
}
