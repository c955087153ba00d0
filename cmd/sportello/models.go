package main

type modelsCmd struct{}
