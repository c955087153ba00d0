// Package bucket keeps backups in a store that speaks the protocol of S3 (MinIO, Ceph, Garage, a provider's). It is the only importer of minio-go,
// and reaches the one address that it is given, through assistant/outbound.
//
// It stores nothing here and encrypts nothing: whoever calls gives files that are encrypted already.
package bucket

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sportello/assistant/fault"
	"sportello/assistant/outbound"
)

// Config says where.
type Config struct {
	Address   string // "https://s3.provincia.lan:9000"
	Bucket    string
	Prefix    string // put before the names: "avella/"
	Region    string // empty: what the server says
	AccessKey string
	SecretKey string
	Log       *slog.Logger
}

// Bucket is where the files are. It is safe for concurrent use.
type Bucket struct {
	cfg    Config
	client *minio.Client
}

// Object is a file in it.
type Object struct {
	Name  string // without the prefix
	At    time.Time
	Bytes int64
}

// tries is how often a call is tried anew within one call of ours: the caller comes back later by itself.
const tries = 3

// New checks the configuration; it connects to nothing. Errors: fault.Invalid.
func New(c Config) (*Bucket, error) {
	u, err := url.Parse(c.Address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path != "" && u.Path != "/" || u.User != nil {
		return nil, fault.New(fault.Invalid, "backup.s3.address = %q: write https://s3.provincia.example.it, without the name of the bucket", c.Address)
	}
	if c.Bucket == "" || c.AccessKey == "" || c.SecretKey == "" {
		return nil, fault.New(fault.Invalid, "backup.s3 wants bucket, access_key and secret_key too")
	}
	if c.Prefix != "" {
		c.Prefix = strings.Trim(path.Clean("/"+c.Prefix), "/") + "/"
	}
	// Its answers to a download are backups: no limit of size.
	out, err := outbound.New(outbound.Config{Private: []string{u.Host}, MaxBytes: -1, MaxRedirects: -1, HeaderTimeout: 2 * time.Minute, Logger: c.Log})
	if err != nil {
		return nil, err
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: u.Scheme == "https", Region: c.Region,
		Transport: out.HTTP().Transport, MaxRetries: tries,
	})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "backup.s3: the settings are not usable")
	}
	client.SetAppInfo("", "")
	return &Bucket{cfg: c, client: client}, nil
}

// Where names the place for a person.
func (b *Bucket) Where() string {
	u, _ := url.Parse(b.cfg.Address) // New has read it
	return u.Host + "/" + b.cfg.Bucket + "/" + b.cfg.Prefix
}

// Host is the address that is called.
func (b *Bucket) Host() string {
	u, _ := url.Parse(b.cfg.Address) // New has read it
	return u.Host
}

// Put sends a file. The server compares checksums of what it gets; afterwards it is asked how long the file is.
func (b *Bucket) Put(ctx context.Context, file, name string) error {
	// MD5 is the one checksum that every such server compares, over http too; signing the bytes in pieces is not understood by all.
	sent, err := b.client.FPutObject(ctx, b.cfg.Bucket, b.cfg.Prefix+name, file, minio.PutObjectOptions{ContentType: "application/octet-stream", SendContentMd5: true, DisableContentSha256: true})
	if err != nil {
		return b.fault(err, "send a backup")
	}
	have, err := b.client.StatObject(ctx, b.cfg.Bucket, b.cfg.Prefix+name, minio.StatObjectOptions{})
	if err != nil {
		return b.fault(err, "find the backup that was just sent")
	}
	if have.Size != sent.Size {
		return fault.New(fault.Broken, "%s holds %d bytes of a backup of %d", b.Where(), have.Size, sent.Size)
	}
	return nil
}

// List gives what is there, sorted by name.
func (b *Bucket) List(ctx context.Context) ([]Object, error) {
	var out []Object
	for o := range b.client.ListObjects(ctx, b.cfg.Bucket, minio.ListObjectsOptions{Prefix: b.cfg.Prefix}) {
		if o.Err != nil {
			return nil, b.fault(o.Err, "list the backups")
		}
		if name := strings.TrimPrefix(o.Key, b.cfg.Prefix); name != "" && !strings.Contains(name, "/") {
			out = append(out, Object{Name: name, At: o.LastModified, Bytes: o.Size})
		}
	}
	slices.SortFunc(out, func(x, y Object) int { return strings.Compare(x.Name, y.Name) })
	return out, nil
}

// Get writes a file of it to a new file here.
func (b *Bucket) Get(ctx context.Context, name, file string) error {
	return b.fault(b.client.FGetObject(ctx, b.cfg.Bucket, b.cfg.Prefix+name, file, minio.GetObjectOptions{}), "fetch "+name)
}

// Remove takes a file away; one that is not there is none.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	return b.fault(b.client.RemoveObject(ctx, b.cfg.Bucket, b.cfg.Prefix+name, minio.RemoveObjectOptions{}), "take "+name+" away")
}

// fault says what a person can do about an error of the server.
func (b *Bucket) fault(err error, what string) error {
	if err == nil {
		return nil
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	switch minio.ToErrorResponse(err).Code {
	case minio.NoSuchBucket:
		return fault.Wrap(fault.NotFound, err, "%s: there is no such bucket: make it there, or correct backup.s3.bucket", b.Where())
	case minio.NoSuchKey:
		return fault.Wrap(fault.NotFound, err, "%s: there is no such backup", b.Where())
	case minio.AccessDenied, "InvalidAccessKeyId", "SignatureDoesNotMatch":
		return fault.Wrap(fault.Forbidden, err, "%s: the server refuses these keys: see backup.s3.access_key and secret_key, and what they may do", b.Where())
	}
	return fault.Wrap(fault.Unavailable, err, "%s: the server did not %s", b.Where(), what)
}
