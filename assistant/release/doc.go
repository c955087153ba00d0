// Package release tells whether a file is a release of Sportello that the makers signed, and takes the program out of it.
//
// A release is a folder: programs (tar.gz), Debian packages, SHA256SUMS, and SHA256SUMS.minisig, the signature of the sums in the format of
// minisign (https://jedisct1.github.io/minisign/). The signed comment, "sportello v1.2.3", says which release the sums are of, so that an
// old file does not pass for a new one under another name.
//
// The package stores nothing, asks nobody and knows no service: who installs is cmd/sportello.
package release
