package main

import (
	"syscall"

	"sportello/web/site"
)

// diskOf gives the room of the disk with a folder, nil when it cannot be told.
func diskOf(dir string) *site.DiskState {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return nil
	}
	size := uint64(s.Bsize) //nolint:gosec // never negative
	return &site.DiskState{Free: s.Bavail * size, Size: s.Blocks * size, FreeInodes: s.Ffree, SizeInodes: s.Files}
}
