package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Each compose file is YAML whose settings Sportello knows, whose values it accepts, and whose volumes and secrets are there.
func TestComposeFiles(t *testing.T) {
	known := map[string]string{}
	for key := range defaults() {
		known["SPORTELLO_"+strings.ToUpper(strings.ReplaceAll(key, ".", "_"))] = key
	}
	files, err := filepath.Glob("../../deploy/compose/*.yml")
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c struct {
			Services map[string]struct {
				Image       string
				Environment map[string]string
				Volumes     []string
				Secrets     []string
			}
			Volumes, Secrets map[string]any
		}
		if err := yaml.Unmarshal(raw, &c); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for name, s := range c.Services {
			for _, v := range s.Volumes {
				if from, _, _ := strings.Cut(v, ":"); !strings.ContainsAny(from, "./$") {
					if _, ok := c.Volumes[from]; !ok {
						t.Errorf("%s: %s wants the volume %s", file, name, from)
					}
				}
			}
			for _, secret := range s.Secrets {
				if _, ok := c.Secrets[secret]; !ok {
					t.Errorf("%s: %s wants the secret %s", file, name, secret)
				}
			}
			if name != "sportello" {
				continue
			}
			var set []string
			for variable, value := range s.Environment {
				key, ok := known[variable]
				if !ok && strings.HasPrefix(variable, "SPORTELLO_") {
					t.Errorf("%s: Sportello knows no %s", file, variable)
				}
				if ok && !strings.Contains(value, "${") && !strings.Contains(key, "_file") {
					set = append(set, key+"="+value)
				}
			}
			if strings.Contains(string(raw), "SPORTELLO_STORE: postgres") {
				set = append(set, "postgres.address=postgres://a:b@c/d")
			}
			if _, err := loadConfig(cli{Data: t.TempDir(), Set: set}); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}
