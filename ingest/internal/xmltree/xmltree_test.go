package xmltree_test

import (
	"context"
	"strings"
	"testing"

	"sportello/assistant/fault"
	"sportello/ingest/internal/xmltree"
)

func TestParse(t *testing.T) {
	spaces := map[string]string{"urn:a": "a"}
	n, err := xmltree.Parse(t.Context(), []byte(`<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE x SYSTEM "x.dtd"><p:x xmlns:p="urn:a" p:k="1" k="2"><!-- c --><p:y>citt`+"\xe0"+`</p:y><z xmlns="urn:b"><p:w/>due</z></p:x>`), "f", spaces, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if n.Name != "a:x" || n.Attr("a:k") != "1" || n.Attr("k") != "2" || n.Has("no") || !n.Has("k") {
		t.Errorf("%+v", n)
	}
	if got := n.Child("a:y").Content(); got != "città" {
		t.Errorf("%q", got)
	}
	if n.Find("a:w") == nil || n.Find("no") != nil || n.Child("a:w") != nil || n.Content() != "cittàdue" {
		t.Errorf("%q", n.Content())
	}
	var none *xmltree.Node
	if none.Child("x").Attr("y") != "" || none.Find("x") != nil || none.Content() != "" || none.Has("x") {
		t.Error("nil is not empty")
	}
}

func TestRefused(t *testing.T) {
	for src, code := range map[string]fault.Code{
		"":                                   fault.Broken,
		"testo":                              fault.Broken,
		"<a>":                                fault.Broken,
		"</a>":                               fault.Broken,
		"<a>&b;</a>":                         fault.Broken,
		"<!-- solo -->":                      fault.Broken,
		`<!DOCTYPE a [<!ENTITY b "c">]><a/>`: fault.Broken,
		strings.Repeat("<a>", 20):            fault.TooLarge,
		"<a>" + strings.Repeat("<b/>", 60):   fault.TooLarge,
	} {
		if _, err := xmltree.Parse(t.Context(), []byte(src), "f", nil, xmltree.Limits{Depth: 10, Nodes: 100}); fault.CodeOf(err) != code {
			t.Errorf("%.40q: %v", src, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := xmltree.Parse(ctx, []byte("<a>"+strings.Repeat("<b/>", 10_000)+"</a>"), "f", nil, xmltree.Limits{}); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("cancelled: %v", err)
	}
}
