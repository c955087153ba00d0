package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"sportello/assistant/fault"
)

// serveLock is held by every server of a data folder, together with others; an update holds it alone while it changes program and data. Its name begins
// with a point: no backup holds it.
const serveLock = ".serve.lock"

// holdFolder says that a server works in the folder. While an update goes on it waits, and with it whoever systemd lets wait at the socket.
func holdFolder(ctx context.Context, dir string) (func(), error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the data folder %s cannot be made", dir)
	}
	return flock(ctx, dir, nil, syscall.LOCK_SH)
}

// lockFolder waits until no server works in the folder, and keeps others from starting until unlock.
func lockFolder(ctx context.Context, dir string, o *owner, within time.Duration) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	unlock, err = flock(ctx, dir, o, syscall.LOCK_EX)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, fault.New(fault.Unavailable, "a server still works in %s", dir)
	}
	return unlock, err
}

func flock(ctx context.Context, dir string, o *owner, how int) (func(), error) {
	f, err := os.OpenFile(filepath.Join(dir, serveLock), os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be written", dir)
	}
	if err := o.own(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return func() { _ = f.Close() }, nil // which lets go of it
		case !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR):
			return nil, errors.Join(err, f.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), f.Close())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
