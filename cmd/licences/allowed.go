package main

import "strings"

// allowed are licences of what a program under EUPL-1.2 may hold: permissive ones, and those whose obligations end at the file they cover.
var allowed = map[string]bool{
	"0BSD": true, "Apache-2.0": true, "BSD-2-Clause": true, "BSD-3-Clause": true, "CC0-1.0": true, "EUPL-1.2": true, "ISC": true,
	"MIT": true, "MIT-0": true, "MPL-2.0": true, "OFL-1.1": true, "Unlicense": true, "Zlib": true,
}

// told tells the licence of a text by the sentences that make it what it is, for the few that the tool takes for another one or does not know. "" when
// it is neither of the two.
func told(text string) string {
	words := strings.Join(strings.Fields(text), " ")
	switch {
	case strings.Contains(words, "Redistributions of source code must retain") && strings.Contains(words, "Redistributions in binary form must reproduce") &&
		strings.Contains(words, "Neither the name of"):
		return "BSD-3-Clause"
	case strings.Contains(words, "Permission is hereby granted, free of charge, to any person obtaining a copy of this software") &&
		strings.Contains(words, "The above copyright notice and this permission notice shall be included in all"):
		return "MIT"
	}
	return ""
}
