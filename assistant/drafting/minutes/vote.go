package minutes

import (
	"regexp"
	"strconv"
	"strings"

	"sportello/assistant/drafting/count"
)

// Vote is one vote as the diary has it. A count of -1 was not written; State fills it in where the others leave no choice.
type Vote struct {
	Secret  bool
	On      string // "": the proposal; eseguibilità, emendamento 2, verbale
	All     bool   // written as unanimous
	For     int
	Against int
	Abstain int
	Blank   int
	Void    int
	Out     int // there and taking no part

	Fors, Againsts, Abstains, Outs []int // by name, of an open vote

	Present int // counted by State
	Voting  int
	Passed  bool
}

// What a vote is on, where it is not the proposal.
const (
	OnEnforceability = "eseguibilità"
	OnMinutes        = "verbale"
	onAmendment      = "emendamento"
)

// labels are the words that a count or a list of names stands after.
var voteLabel = regexp.MustCompile(`(?i)\b(favorevol[ei]|contrari[oa]?|astenut[oiae]|astension[ei]|(?:schede\s+)?bianc(?:a|he)|(?:schede\s+)?null[ae]|non\s+vota(?:no)?|non\s+partecipa(?:no)?(?:\s+al\s+voto)?)\b\s*:?\s*`)

var plainVote = regexp.MustCompile(`^(\d{1,3})[\s,/;-]+(\d{1,3})[\s,/;-]+(\d{1,3})$`)

// parseVote reads what stands after "voto":
//
//	unanime
//	10 0 1                                        in favour, against, abstained
//	contrari Bruno, Sordo; astenuti Viale         who is there and not named is in favour
//	segreto favorevoli 8 contrari 2 bianche 1
//	eseguibilità unanime · emendamento 2 contrari 3 · verbale 9 0 1
func (s *Session) parseVote(rest string) (*Vote, *Problem) {
	v := &Vote{For: -1, Against: -1, Abstain: -1, Blank: -1, Void: -1, Out: -1}
	rest = strings.TrimSpace(rest)
	for again := true; again; {
		word, after, _ := strings.Cut(rest, " ")
		after = strings.TrimSpace(after)
		switch w := fold(strings.Trim(word, ":,;")); {
		case w == "segreto" || w == "segreta":
			v.Secret, rest = true, after
		case w == "palese":
			rest = after
		case strings.HasPrefix(w, "esegui"):
			v.On, rest = OnEnforceability, after
		case w == OnMinutes:
			v.On, rest = OnMinutes, after
		case strings.HasPrefix(w, onAmendment):
			v.On, rest = onAmendment, after
			if n, more, _ := strings.Cut(after, " "); isNumber(strings.Trim(n, ".:")) && !plainVote.MatchString(after) {
				v.On, rest = onAmendment+" "+strings.Trim(n, ".:"), strings.TrimSpace(more)
			}
		default:
			again = false
		}
	}
	if w := fold(rest); w == "unanime" || w == "all unanimita" || w == "unanimita" || w == "tutti favorevoli" {
		v.All, v.Against, v.Abstain = true, 0, 0
		return v, nil
	}
	if m := plainVote.FindStringSubmatch(rest); m != nil {
		v.For, v.Against, v.Abstain = number(m[1]), number(m[2]), number(m[3])
		return v, nil
	}
	labels := voteLabel.FindAllStringSubmatchIndex(rest, -1)
	if len(labels) == 0 || strings.TrimSpace(rest[:labels[0][0]]) != "" {
		return nil, problem(VoteNotUnderstood, rest)
	}
	for i, m := range labels {
		end := len(rest)
		if i+1 < len(labels) {
			end = labels[i+1][0]
		}
		value := strings.Trim(strings.TrimSpace(rest[m[1]:end]), ",;. ")
		if p := s.put(v, fold(rest[m[2]:m[3]]), value); p != nil {
			return nil, p
		}
	}
	return v, nil
}

// put reads one count of a vote, a number or names.
func (s *Session) put(v *Vote, label, value string) *Problem {
	var n int
	var names []int
	switch w := fold(value); {
	case isNumber(strings.TrimPrefix(strings.TrimPrefix(w, "n."), "n ")):
		n = number(strings.TrimSpace(strings.TrimPrefix(w, "n.")))
	case w == "nessuno" || w == "zero":
		n = 0
	case w == "tutti" && strings.HasPrefix(label, "favorevol"):
		return nil // what is left over
	default:
		if v.Secret {
			return problem(SecretNames, value)
		}
		var p *Problem
		if names, p = s.names(value); p != nil {
			return p
		}
		if n = len(names); n == 0 {
			return problem(VoteNotUnderstood, label)
		}
	}
	switch {
	case strings.HasPrefix(label, "favorevol"):
		v.For, v.Fors = n, names
	case strings.HasPrefix(label, "contrari"):
		v.Against, v.Againsts = n, names
	case strings.HasPrefix(label, "asten"):
		v.Abstain, v.Abstains = n, names
	case strings.Contains(label, "bianc"):
		v.Blank = n
	case strings.Contains(label, "null"):
		v.Void = n
	default:
		v.Out, v.Outs = n, names
	}
	return nil
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(strings.TrimSpace(s))
	return err == nil && len(s) < 5
}

// number reads digits that a pattern has found.
func number(s string) int { n, _ := strconv.Atoi(s); return n }

// settle fills in what a vote leaves out, counts those who vote and says whether it is carried.
func (s *Session) settle(v *Vote, present int, majority string) {
	for _, n := range []*int{&v.Against, &v.Abstain, &v.Blank, &v.Void, &v.Out} {
		*n = max(*n, 0)
	}
	v.Present = present
	if v.For < 0 {
		v.For = max(0, present-v.Against-v.Abstain-v.Blank-v.Void-v.Out)
	}
	v.Voting = v.For + v.Against
	if !s.Rules.BlankIsNoVote {
		v.Voting += v.Blank + v.Void
	}
	if s.Rules.AbstainVotes {
		v.Voting += v.Abstain
	}
	members := len(s.Members)
	switch {
	case v.On == OnEnforceability || majority == Absolute && v.On == "":
		v.Passed = v.For >= count.Majority(members)
	case majority == TwoThirds && v.On == "":
		v.Passed = v.For*3 >= members*2
	default: // more than half of those who vote
		v.Passed = v.For*2 > v.Voting
	}
}

// Faults gives what the counts of a settled vote contradict.
func (v *Vote) Faults(members int) []count.Fault {
	all := count.Vote{Members: members, Present: v.Present, Voting: -1, For: v.For, Against: v.Against, Abstain: v.Abstain, Blank: v.Blank + v.Void, Out: v.Out}.Check()
	var out []count.Fault
	for _, f := range all {
		if f != count.NotCarried { // a proposal may fall
			out = append(out, f)
		}
	}
	return out
}
