package documents

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"

	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

// folderOf is where uploaded documents are known to lie when the person names no folder.
const folderOf = "caricati"

type uploadBody struct {
	Kinds   []ingest.Kind
	Offices []string
	Folder  string
	Jobs    []store.JobRecord
	MaxFile int64
	Max     int64
}

func (p *pages) uploadPage(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body := uploadBody{Kinds: kinds, Folder: folderOf, MaxFile: p.cfg.MaxFile, Max: p.cfg.MaxUpload}
	var err error
	if body.Offices, err = p.offices(r, v); err != nil {
		return err
	}
	if body.Jobs, err = p.store.Jobs(r.Context(), v.Tenant.Slug, 20); err != nil {
		return err
	}
	return v.Render(w, "upload", v.L.T("upload_title"), body)
}

// upload writes files to the disk as they come and makes them a job. The fields of the form come before the files, so that
// nothing has to be kept in memory.
func (p *pages) upload(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id, err := p.receive(r, v, "")
	switch {
	case fault.CodeOf(err) == fault.Invalid:
		v.Problem, v.Status = v.L.T("upload_none"), http.StatusUnprocessableEntity
		return p.uploadPage(w, r, v)
	case err != nil:
		return err
	}
	return p.received(w, r, v, id)
}

// uploadVersion takes a file as a new version of the document of the path, whatever the file is called.
func (p *pages) uploadVersion(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	d, err := p.document(r, v)
	if err != nil {
		return err
	}
	id, err := p.receive(r, v, d.Source)
	switch {
	case fault.CodeOf(err) == fault.Invalid:
		v.Problem, v.Status = v.L.T("upload_none"), http.StatusUnprocessableEntity
		return p.draw(w, r, v, nil)
	case err != nil:
		return err
	}
	return p.received(w, r, v, id)
}

// received sends the browser on to the progress: a script wants the address, a form is redirected.
func (p *pages) received(w http.ResponseWriter, r *http.Request, v *staff.Visit, id string) error {
	to := v.URL("uploads/" + id)
	if r.Header.Get("Accept") == "application/json" {
		return v.JSON(w, http.StatusCreated, map[string]string{"location": to})
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// receive reads the form. source, when given, is what the one file is to be known by.
func (p *pages) receive(r *http.Request, v *staff.Visit, source string) (id string, err error) {
	next, err := parts(r)
	if err != nil {
		return "", err
	}
	u, err := p.store.NewUpload(r.Context(), v.Tenant.Slug, v.Actor(), ingest.JobOptions{})
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, u.Discard())
		}
	}()
	fields, received := map[string]string{}, false
	for {
		f, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", malformed(err)
		}
		if f.field != "" {
			fields[f.field] = f.value
			continue
		}
		if f.name == "" { // a choice of files that was left empty
			continue
		}
		if source != "" && received {
			return "", fault.New(fault.Invalid, "a new version is one file")
		}
		received = true
		if err := p.add(u, f, fields["folder"], source); err != nil {
			return "", err
		}
	}
	o := ingest.JobOptions{
		Visibility: ingest.Visibility(fields["visibility"]), Kind: ingest.Kind(fields["kind"]), Office: fields["office"],
		Again: fields["again"] != "" || source != "",
	}
	if o.Kind != "" && !slices.Contains(kinds, o.Kind) || !visible(o.Visibility) {
		return "", fault.New(fault.Invalid, "kind is one of %v, visibility public or staff", kinds)
	}
	u.Options(o)
	return u.Commit(r.Context())
}

// visible says whether a visibility is one, or left open.
func visible(v ingest.Visibility) bool { return v == "" || v == ingest.Public || v == ingest.Staff }

// add writes one file to the disk. One that is too large is refused by itself; the others go on.
func (p *pages) add(u *store.Upload, f *file, folder, source string) error {
	limit := p.cfg.MaxFile
	if strings.EqualFold(path.Ext(f.name), ".zip") {
		limit = p.cfg.MaxUpload // what is in an archive is measured when it is unpacked
	}
	if source == "" {
		source = sourceOf(folder, f.name)
	}
	err := u.Add(f.name, source, f.body, limit)
	if fault.CodeOf(err) == fault.TooLarge {
		var body *http.MaxBytesError
		if errors.As(err, &body) {
			return broken(body)
		}
		u.Refuse(f.name, err)
		return nil
	}
	if err != nil {
		return broken(err)
	}
	return nil
}

// broken tells a body that ended or was too large from a failure of ours.
func broken(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return fault.Wrap(fault.TooLarge, err, "more than %d MB at once: upload in several times", large.Limit>>20)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fault.Wrap(fault.Invalid, err, "the upload broke off: try again")
	}
	return err
}

// malformed says that a form does not come as it should: it broke off, or is none.
func malformed(err error) error {
	if err = broken(err); fault.CodeOf(err) == fault.Internal {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read: send multipart/form-data with the files as files")
	}
	return err
}

// sourceOf gives what an uploaded file is known by: the folder that the person named, and the path below the folder that was
// dropped, without what leads out of it.
func sourceOf(folder, name string) string {
	var clean []string
	for part := range strings.SplitSeq(strings.ReplaceAll(folder, `\`, "/")+"/"+strings.ReplaceAll(name, `\`, "/"), "/") {
		part = strings.TrimSpace(strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, part))
		if part != "" && part != "." && part != ".." {
			clean = append(clean, part)
		}
	}
	if strings.Trim(folder, "/ ") == "" {
		clean = append([]string{folderOf}, clean...)
	}
	return strings.Join(clean, "/")
}

// file is a field or a file of a form, as it comes.
type file struct {
	field, value string
	name         string
	body         io.Reader
}

// maxField bounds a field that is no file.
const maxField = 4 << 10

// parts goes through a form: as it comes from the network, or, when the frame had to look into it for the token, from what it
// put on the disk.
func parts(r *http.Request) (func() (*file, error), error) {
	if r.MultipartForm != nil {
		return kept(r.MultipartForm), nil
	}
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the form holds no files")
	}
	return func() (*file, error) {
		part, err := reader.NextRawPart()
		if err != nil {
			return nil, err
		}
		if part.FormName() == "files" {
			return &file{name: fileName(part), body: part}, nil
		}
		b, err := io.ReadAll(io.LimitReader(part, maxField))
		return &file{field: part.FormName(), value: string(b)}, err
	}, nil
}

// fileName gives the name with the folders that the browser sent: part.FileName would cut them off.
func fileName(part *multipart.Part) string {
	return rawName(part.Header.Get("Content-Disposition"), part.FileName())
}

func kept(f *multipart.Form) func() (*file, error) {
	var all []*file
	for name, values := range f.Value {
		if len(values) > 0 {
			all = append(all, &file{field: name, value: values[0]})
		}
	}
	fields := len(all)
	headers := f.File["files"]
	at := 0
	return func() (*file, error) {
		if at < fields {
			at++
			return all[at-1], nil
		}
		if at-fields >= len(headers) {
			return nil, io.EOF
		}
		h := headers[at-fields]
		at++
		in, err := h.Open()
		if err != nil {
			return nil, err
		}
		return &file{name: rawName(h.Header.Get("Content-Disposition"), h.Filename), body: &closing{in}}, nil
	}
}

// closing closes a file once it was read to its end.
type closing struct{ io.ReadCloser }

func (c *closing) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if err != nil {
		_ = c.Close() // it was only read
	}
	return n, err
}
