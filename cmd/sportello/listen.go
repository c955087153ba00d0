package main

import (
	"context"
	"net"
	"os"
	"strconv"

	"sportello/assistant/fault"
)

// firstInherited is the descriptor of the first socket that systemd hands over: sd_listen_fds(3).
const firstInherited = 3

// listen gives the socket to answer on: the one that systemd holds (deploy/sportello.socket), which stays open while the program is
// started anew, so that questions of that moment wait instead of failing; else a new one at addr.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	if l, err := inherited(os.Getenv("LISTEN_PID"), os.Getenv("LISTEN_FDS"), firstInherited); l != nil || err != nil {
		return l, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot listen on %s: is another program there? choose another with --addr", addr)
	}
	return l, nil
}

// inherited gives the socket that was handed over to this process, nil when none was. pid and count are as systemd writes them.
func inherited(pid, count string, descriptor uintptr) (net.Listener, error) {
	if n, err := strconv.Atoi(count); err != nil || n < 1 || pid != strconv.Itoa(os.Getpid()) {
		return nil, nil //nolint:nilerr // no such variables: started by hand
	}
	f := os.NewFile(descriptor, "socket of systemd")
	defer func() { _ = f.Close() }() // the listener has a copy
	l, err := net.FileListener(f)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the socket that systemd handed over cannot be listened on: see deploy/sportello.socket")
	}
	return l, nil
}
