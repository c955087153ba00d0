package main

import (
	"encoding/json"
	"maps"
	"strings"
	"text/tabwriter"
)

// configCmd prints every setting with its value and where the value comes from. Keys and passwords are never printed, nor an address that may
// hold one.
type configCmd struct {
	JSON bool `help:"Print JSON."`
}

func (cmd *configCmd) Run(s *session) error {
	type setting struct {
		Key    string `json:"key"`
		Value  any    `json:"value"`
		Origin string `json:"origin"`
	}
	var all []setting
	for _, key := range s.cfg.keys() {
		value := s.cfg.values[key]
		if (strings.HasSuffix(key, "api_key") || strings.HasSuffix(key, "password") || strings.HasSuffix(key, "secret") || strings.HasSuffix(key, "secret_key") || key == "postgres.address") && value != "" {
			value = "(set)"
		}
		all = append(all, setting{key, hidden(value), s.cfg.origins[key]})
	}
	if cmd.JSON {
		return printJSON(s.stdout, all)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 4, 2, ' ', 0)
	for _, one := range all {
		value, err := json.Marshal(one.Value)
		if err != nil {
			return err
		}
		sayf(w, "%s\t= %s\t# %s\n", one.Key, value, one.Origin)
	}
	return w.Flush()
}

// hidden gives a list of tables without the keys in them.
func hidden(value any) any {
	list, ok := value.([]any)
	if !ok {
		return value
	}
	out := make([]any, len(list))
	for i, one := range list {
		table, ok := one.(map[string]any)
		if !ok {
			out[i] = one
			continue
		}
		table = maps.Clone(table)
		if key, set := table["api_key"]; set && key != "" {
			table["api_key"] = "(set)"
		}
		out[i] = table
	}
	return out
}
