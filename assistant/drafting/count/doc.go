// Package count does the arithmetic of acts, in code and never by a model: amounts in figures and words, VAT, votes and quorums, days
// and terms with Italian holidays.
//
// It is pure and stores nothing. Money is in cents, so that sums are exact.
package count
