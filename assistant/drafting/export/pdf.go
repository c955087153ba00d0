package export

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
)

// Converter makes PDFs with LibreOffice.
type Converter struct {
	Program string        // soffice; empty: from PATH
	Time    time.Duration // for one file; default one minute
}

// pdfA asks LibreOffice's filter for PDF/A-2b with tags.
const pdfA = `pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"},"UseTaggedPDF":{"type":"boolean","value":"true"}}`

// Available says whether LibreOffice is here.
func (c Converter) Available() bool { return c.path() != "" }

func (c Converter) path() string {
	for _, name := range []string{c.Program, "soffice", "libreoffice"} {
		if name == "" {
			continue
		}
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}

// PDFFile writes a draft as PDF/A-2b. Without LibreOffice it gives fault.Unsupported, and DOCX and ODT still work.
func (c Converter) PDFFile(ctx context.Context, d *drafting.Draft, look Look) ([]byte, error) {
	odt, err := OpenFile(d, look)
	if err != nil {
		return nil, err
	}
	return c.Convert(ctx, odt, "odt")
}

// Convert makes a PDF of a file whose format its extension says.
func (c Converter) Convert(ctx context.Context, file []byte, extension string) ([]byte, error) {
	program := c.path()
	if program == "" {
		return nil, fault.New(fault.Unsupported, "LibreOffice is not here, and it makes the PDF: install it (Debian: libreoffice-writer), or export DOCX or ODT")
	}
	dir, err := os.MkdirTemp("", "sportello-pdf-")
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a temporary folder")
	}
	defer func() { _ = os.RemoveAll(dir) }()
	name := filepath.Join(dir, "atto."+extension)
	if err := os.WriteFile(name, file, 0o600); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a temporary file")
	}
	limit := c.Time
	if limit <= 0 {
		limit = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--norestore", "--convert-to", pdfA, "--outdir", dir, name)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() == context.DeadlineExceeded {
			return nil, fault.Wrap(fault.Timeout, err, "LibreOffice took more than %s", limit)
		}
		return nil, fault.Wrap(fault.Unavailable, err, "LibreOffice did not make the PDF: %s", bytes.TrimSpace(said.Bytes()))
	}
	pdf, err := os.ReadFile(filepath.Join(dir, "atto.pdf"))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "LibreOffice made no PDF: %s", bytes.TrimSpace(said.Bytes()))
	}
	return pdf, nil
}
