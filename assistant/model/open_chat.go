package model

func (o *opener) chat() error   { return nil }
func (o *opener) rerank() error { return nil }
