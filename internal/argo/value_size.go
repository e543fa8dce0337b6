package argo

func (f *fields) size() {}
