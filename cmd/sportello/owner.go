package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"sportello/assistant/model/catalogue"
)

// owner is whose the data folder is: what root does there must stay readable for the service.
type owner struct{ uid, gid uint32 }

// ownerOf gives the owner of a folder, nil when this process is not root or the folder is root's or not there.
func ownerOf(dir string) *owner {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || st.Uid == 0 {
		return nil
	}
	return &owner{st.Uid, st.Gid}
}

// command is a program that runs as the owner; as this process when there is none.
func (o *owner) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // our own programs and cp
	if o != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: o.uid, Gid: o.gid}}
		cmd.Dir = "/" // the folder that root stands in may be closed to the owner
	}
	return cmd
}

// own takes a file that root has just made to the owner.
func (o *owner) own(f *os.File) error {
	if o == nil {
		return nil
	}
	return f.Chown(int(o.uid), int(o.gid))
}

// cacheFolder is where models and engine lie.
func cacheFolder() string {
	dir, err := catalogue.CacheDir()
	if err != nil {
		return ""
	}
	return dir
}

// handBack gives what root made in the folders to whose they are, so that the service can go on with it. It never leaves the folders, whatever links lie
// in them.
func handBack(dirs ...string) error {
	var errs []error
	for _, dir := range dirs {
		o := ownerOf(dir)
		if o == nil {
			continue
		}
		errs = append(errs, o.takeOver(dir))
	}
	return errors.Join(errs...)
}

func (o *owner) takeOver(dir string) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	return fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // it went while we looked
		}
		info, err := d.Info()
		if err != nil {
			return nil //nolint:nilerr // as above
		}
		if st, ok := info.Sys().(*syscall.Stat_t); !ok || st.Uid != 0 {
			return nil
		}
		if err := root.Lchown(filepath.FromSlash(path), int(o.uid), int(o.gid)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}
