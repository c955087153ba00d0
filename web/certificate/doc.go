// Package certificate lets the server speak TLS by itself: with the files of a certificate, which are read again when they change, or with
// certificates that it asks an ACME authority for and renews. Who has a web server before Sportello needs neither.
package certificate
