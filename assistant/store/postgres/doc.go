// Package postgres lets the store's SQL, which is written for SQLite, be spoken to PostgreSQL: parameters ?1 become $1, booleans
// become the integers that the columns hold, and text is made fit for a server that takes UTF-8 without the zero byte only. Migrations
// are turned from one to the other by the types of their columns. It knows no table of the store.
package postgres
