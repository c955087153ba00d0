package documents

import (
	"mime"
	"strings"
)

// rawName gives the file name of a part with the folders in it, which a browser sends for a folder that was chosen and which
// package multipart drops; otherwise what the package says.
func rawName(disposition, otherwise string) string {
	_, params, err := mime.ParseMediaType(disposition)
	if err != nil {
		return otherwise
	}
	if name := strings.TrimSpace(params["filename"]); name != "" {
		return name
	}
	return otherwise
}
