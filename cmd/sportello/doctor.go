package main

type doctorCmd struct{}
