// Package load puts many citizens before a running server for a while: people who ask in several languages and read the answer as it
// streams, some on slow lines, some who leave in the middle. It measures what they see and what the server says of its memory and CPU.
//
// It keeps nothing. It goes only where its client goes; that this is the machine itself unless somebody says otherwise is up to who calls it.
package load
