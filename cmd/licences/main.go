// Command licences makes what a release says of others' work from the list of components that cyclonedx-gomod writes: the SBOM (CycloneDX 1.6)
// with what comes from npm added, and one text with the licences themselves. It fails for a licence that is not allowed in a program under
// EUPL-1.2, and for a component whose licence nobody knows.
//
//	licences -sbom raw.json -npm web/package-lock.json -vendor web/static/vendor -version v1.0.0 -date 1796137870 -out DIR
//
// It stores nothing else, and writes the same bytes for the same input.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	var r request
	flag.StringVar(&r.sbom, "sbom", "", "what cyclonedx-gomod app -licenses -json wrote")
	flag.StringVar(&r.npm, "npm", "", "package-lock.json of the pages; empty: the program has none of its packages")
	flag.StringVar(&r.vendor, "vendor", "", "what of those packages the program embeds")
	flag.StringVar(&r.version, "version", "", "version of the program")
	date := flag.Int64("date", 0, "time of the release, in seconds since 1970")
	flag.StringVar(&r.out, "out", "", "folder for sbom.cdx.json and LICENCES-OF-OTHERS.txt; empty: only check")
	flag.Parse()
	r.date = time.Unix(*date, 0).UTC()
	found, err := r.run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
	fmt.Println(found)
}

type request struct {
	sbom, npm, vendor, version, out string
	date                            time.Time
}

// run gives a line that says what was found.
func (r request) run() (string, error) {
	b, err := readSBOM(r.sbom)
	if err != nil {
		return "", err
	}
	texts := map[string]string{}
	for i := range b.Components {
		if err := b.Components[i].complete(texts); err != nil {
			return "", err
		}
	}
	if r.npm != "" {
		more, err := embedded(r.npm, r.vendor, texts)
		if err != nil {
			return "", err
		}
		b.Components = append(b.Components, more...)
	}
	if wrong := b.notAllowed(); len(wrong) > 0 {
		return "", fmt.Errorf("%d components have a licence that is not allowed or not known; see allowed in cmd/licences/allowed.go:\n  %s", len(wrong), strings.Join(wrong, "\n  "))
	}
	if r.out != "" {
		if err := b.write(filepath.Join(r.out, "sbom.cdx.json"), r.version, r.date); err != nil {
			return "", err
		}
		if err := writeTexts(filepath.Join(r.out, "LICENCES-OF-OTHERS.txt"), b.Components, texts); err != nil {
			return "", err
		}
	}
	return b.summary(), nil
}
