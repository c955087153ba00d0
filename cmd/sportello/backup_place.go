package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sportello/assistant/backup/bucket"
	"sportello/assistant/fault"
)

const backupName = "sportello-20060102-150405.backup"

// madeBackup is a backup that a server made, in some place.
type madeBackup struct {
	name  string
	at    time.Time
	bytes int64
}

// madeOf reads the moment in a name; files of other names are somebody's.
func madeOf(name string, bytes int64) (madeBackup, bool) {
	at, err := time.Parse(backupName, name)
	return madeBackup{name, at, bytes}, err == nil
}

// place is where backups are kept.
type place interface {
	where() string
	list(ctx context.Context) ([]madeBackup, error) // the oldest first
	put(ctx context.Context, file, name string) error
	remove(ctx context.Context, name string) error
}

// folderPlace is a folder of this machine, or one that is mounted there.
type folderPlace string

func (f folderPlace) where() string { return string(f) }

func (f folderPlace) list(context.Context) ([]madeBackup, error) { return backupsIn(string(f)) }

func (f folderPlace) put(_ context.Context, file, name string) error {
	to := filepath.Join(string(f), name)
	if file == to {
		return nil
	}
	part := to + ".part"
	_ = os.Remove(part) // of an attempt that was cut off
	if err := copyFile(file, part); err != nil {
		return fault.Wrap(fault.Invalid, err, "backup.folder: %s cannot be written", to)
	}
	return os.Rename(part, to)
}

func (f folderPlace) remove(_ context.Context, name string) error {
	return os.Remove(filepath.Join(string(f), name))
}

// backupsIn gives the backups that a server made in a folder, the oldest first.
func backupsIn(folder string) ([]madeBackup, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "backup.folder: %s cannot be made", folder)
	}
	all, err := os.ReadDir(folder)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "backup.folder: %s cannot be read", folder)
	}
	var out []madeBackup
	for _, f := range all {
		info, err := f.Info()
		if err != nil {
			continue // it went while we looked
		}
		if m, ok := madeOf(f.Name(), info.Size()); ok {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b madeBackup) int { return a.at.Compare(b.at) })
	return out, nil
}

// dropUnfinished removes what a server that was killed had begun to write, a day later: another one may be at it.
func dropUnfinished(folder string, now time.Time) error {
	all, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, f := range all {
		_, err := time.Parse(backupName+".part", f.Name())
		if err != nil {
			continue
		}
		info, err := f.Info()
		if err == nil && now.Sub(info.ModTime()).Abs() > 24*time.Hour {
			if err := os.Remove(filepath.Join(folder, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// bucketPlace is a bucket of an S3-compatible store.
type bucketPlace struct{ *bucket.Bucket }

func (b bucketPlace) where() string { return b.Where() }

func (b bucketPlace) list(ctx context.Context) ([]madeBackup, error) {
	all, err := b.List(ctx)
	if err != nil {
		return nil, err
	}
	var out []madeBackup
	for _, o := range all {
		if m, ok := madeOf(o.Name, o.Bytes); ok {
			out = append(out, m)
		}
	}
	return out, nil
}

func (b bucketPlace) put(ctx context.Context, file, name string) error { return b.Put(ctx, file, name) }

func (b bucketPlace) remove(ctx context.Context, name string) error { return b.Remove(ctx, name) }

// places are where the configuration wants backups.
func (c *config) places() ([]place, error) {
	var out []place
	if c.Backup.Folder != "" {
		out = append(out, folderPlace(c.Backup.Folder))
	}
	b, err := c.bucket()
	if err != nil {
		return nil, err
	}
	if b != nil {
		if len(c.Backup.Recipients) == 0 {
			return nil, fault.New(fault.Invalid, "backup.s3 wants backup.recipients: what leaves this machine is encrypted (age-keygen makes a key; its public part goes there)")
		}
		out = append(out, bucketPlace{b})
	}
	return out, nil
}

// bucket gives the bucket of the configuration, nil when there is none.
func (c *config) bucket() (*bucket.Bucket, error) {
	s := c.Backup.S3
	if s.Address == "" {
		return nil, nil
	}
	return bucket.New(bucket.Config{Address: s.Address, Bucket: s.Bucket, Prefix: s.Prefix, Region: s.Region, AccessKey: s.AccessKey, SecretKey: s.SecretKey, Log: slog.Default()})
}

// fetched gives the file of a name on the command line: of s3:NAME a copy here, which drop takes away.
func (s *session) fetched(ctx context.Context, name string) (file string, drop func() error, err error) {
	name, ok := strings.CutPrefix(name, "s3:")
	if !ok {
		return name, func() error { return nil }, nil
	}
	b, err := s.cfg.bucket()
	if err != nil {
		return "", nil, err
	}
	if b == nil {
		return "", nil, fault.New(fault.Invalid, "s3: names a bucket: set backup.s3.address, bucket, access_key and secret_key (--config FILE, or SPORTELLO_BACKUP_S3_ADDRESS…)")
	}
	all, err := bucketPlace{b}.list(ctx)
	if err != nil {
		return "", nil, err
	}
	var names []string
	for _, m := range all {
		names = append(names, m.name)
	}
	if name == "latest" && len(names) > 0 {
		name = names[len(names)-1]
	}
	if !slices.Contains(names, name) {
		return "", nil, fault.New(fault.NotFound, "%s holds %d backups; write s3: and one of their names: %s", b.Where(), len(names), strings.Join(names, " "))
	}
	dir, err := os.MkdirTemp("", "sportello-fetched-*")
	if err != nil {
		return "", nil, err
	}
	file = filepath.Join(dir, name)
	if err := b.Get(ctx, name, file); err != nil {
		_ = os.RemoveAll(dir) // the other error counts
		return "", nil, err
	}
	return file, func() error { return os.RemoveAll(dir) }, nil
}
