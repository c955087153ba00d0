package web

import (
	"net/http"
	"time"
)

// readerPatience is how long a browser may take to accept one piece of an answer. An answer as a whole has no limit: it streams.
const readerPatience = 30 * time.Second

// Patient gives each write of an answer a time of its own, so that somebody who asks for a large file and never reads it does not hold a
// connection for ever. It also ends the connection after a request whose length is in pieces: where a program before this one has read
// another length in it, what follows would be taken for a request of somebody else (RFC 9112, 6.1).
func Patient(next http.Handler, limit time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 1 && len(r.TransferEncoding) > 0 {
			w.Header().Set("Connection", "close")
		}
		p := &patientWriter{w, http.NewResponseController(w), limit}
		p.free() // of what the request before left on the connection
		next.ServeHTTP(p, r)
		p.begin() // what is still in the buffers
	})
}

type patientWriter struct {
	http.ResponseWriter
	connection *http.ResponseController
	limit      time.Duration
}

// begin and free set the time of a write and take it away. A writer that has none is a test's.
func (p *patientWriter) begin() { _ = p.connection.SetWriteDeadline(time.Now().Add(p.limit)) }
func (p *patientWriter) free()  { _ = p.connection.SetWriteDeadline(time.Time{}) }

func (p *patientWriter) Write(b []byte) (int, error) {
	p.begin()
	defer p.free() // HTTP/2 would end a stream that only waits for its next event
	return p.ResponseWriter.Write(b)
}

// FlushError is what a ResponseController looks for.
func (p *patientWriter) FlushError() error {
	p.begin()
	defer p.free()
	return p.connection.Flush()
}

func (p *patientWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }
