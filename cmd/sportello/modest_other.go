//go:build !linux

package main

// modestly runs f. Only Linux ranks the threads of a program.
func modestly(f func()) { f() }
