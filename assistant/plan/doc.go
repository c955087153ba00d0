// Package plan says what a territory needs: from what an answer, a passage and a page were measured to cost, to machines, electricity and
// money a month. It is arithmetic and nothing else; each step is a Step with its formula, so that somebody who doubts a figure finds
// the assumption it rests on.
//
// costs.toml holds what was measured, with the command that measured it and the machine it ran on; whoever plans for other hardware
// measures there and gives a file of their own.
package plan
