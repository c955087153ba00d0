package dialogue

import "sportello/assistant"

// Forms gives the forms that an answer rests on, each once: a passage of each.
func Forms(a *assistant.Answer) []assistant.Passage {
	if a.Status == assistant.Refused {
		return nil
	}
	cited := map[string]bool{}
	for _, s := range a.Statements {
		for _, c := range s.Citations {
			cited[c.DocumentID] = true
		}
	}
	var out []assistant.Passage
	for _, p := range a.Passages {
		if p.Form != nil && cited[p.DocumentID] {
			cited[p.DocumentID] = false
			out = append(out, p)
		}
	}
	return out
}
