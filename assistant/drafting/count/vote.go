package count

// Vote is a vote as somebody counted it. Unknown counts are negative.
type Vote struct {
	Members int // of the body, the mayor among them where the law says so
	Present int
	Voting  int
	For     int
	Against int
	Abstain int
	Blank   int // blank and void ballots of a secret vote
	Out     int // those who are there and take no part
}

// Fault is what is wrong with a vote.
type Fault string

// The faults of a vote.
const (
	SumOverPresent Fault = "more_than_present" // more votes and abstentions than people who are there
	SumUnderThose  Fault = "less_than_present" // somebody who is there has neither voted nor abstained
	VotingDiffers  Fault = "voting_differs"    // those who vote are not those in favour, against and blank
	OverMembers    Fault = "over_members"      // more present than the body has members
	NotUnanimous   Fault = "not_unanimous"     // said to be unanimous and is not
	NotCarried     Fault = "not_carried"       // as many against as in favour, or more
)

// Check gives what is wrong with the counts of a vote.
func (v Vote) Check() []Fault {
	var out []Fault
	if v.Present >= 0 && v.For >= 0 {
		sum := v.For + max(v.Against, 0) + max(v.Abstain, 0) + max(v.Blank, 0) + max(v.Out, 0)
		switch {
		case sum > v.Present:
			out = append(out, SumOverPresent)
		case sum < v.Present && v.Against >= 0 && v.Abstain >= 0:
			out = append(out, SumUnderThose)
		}
	}
	if v.Voting >= 0 && v.For >= 0 && v.Against >= 0 { // whether abstentions and blank ballots are votes is for the body's own rules
		fits := false
		for _, more := range []int{0, max(v.Abstain, 0)} {
			fits = fits || v.Voting == v.For+v.Against+more || v.Voting == v.For+v.Against+max(v.Blank, 0)+more
		}
		if !fits {
			out = append(out, VotingDiffers)
		}
	}
	if v.Members > 0 && v.Present > v.Members {
		out = append(out, OverMembers)
	}
	if v.For >= 0 && v.Against >= 0 && v.For <= v.Against {
		out = append(out, NotCarried)
	}
	return out
}

// Majority gives how many are more than half of a number: of the members for immediate enforceability (art. 134, comma 4, TUEL).
func Majority(members int) int { return members/2 + 1 }

// Quorum says whether as many as are present may deliberate: half the members of a Giunta; a third of those assigned to a
// council, without the mayor, at the least (art. 38, comma 2, TUEL).
func Quorum(council bool, members, present int) bool {
	if council {
		return present*3 >= members-1
	}
	return present*2 >= members
}
