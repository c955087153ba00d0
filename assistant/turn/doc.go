// Package turn decides who goes next when more ask than can be served at once: citizens before staff before work that can wait; within
// those, the tenant with the fewest under way, so that one comune's evening does not close the counter of the others; within a tenant, who
// came first. Who waits is told their place, and nobody waits longer than their patience; where it is wanted, a wait that cannot end in time is not begun.
//
// It is a leaf and knows nothing of what is shared: servers of a model, or places at the search. It stores nothing.
package turn
