package argo

import (
	"path"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// arguments checks the artifacts that are passed, and where parameters come
// from.
func (f *fields) arguments(at0 string, a *wfv1.Arguments) {
	for i := range a.Parameters {
		f.parameter(at0+".parameters", i, &a.Parameters[i])
	}
	for i := range a.Artifacts {
		art, field := &a.Artifacts[i], at(at0+".artifacts", i)
		f.artifact(field, art, false)
	}
}

// parameter checks a reference to a config map.
func (f *fields) parameter(list string, i int, p *wfv1.Parameter) {
	if p.ValueFrom != nil && p.ValueFrom.ConfigMapKeyRef != nil {
		f.configMapKey(at(list, i)+".valueFrom.configMapKeyRef", p.ValueFrom.ConfigMapKeyRef)
	}
}

// inputs checks the artifacts and parameters that a template is given.
func (f *fields) inputs(at0 string, t *wfv1.Template) {
	for i := range t.Inputs.Parameters {
		f.parameter(at0+".inputs.parameters", i, &t.Inputs.Parameters[i])
	}
	for i := range t.Inputs.Artifacts {
		a, field := &t.Inputs.Artifacts[i], at(at0+".inputs.artifacts", i)
		f.path(field, a, t)
		f.artifact(field, a, true)
		if a.Mode != nil && (*a.Mode < 0 || *a.Mode > 0o777) {
			f.report(RuleVolume, field+".mode", "use one from 0 to 0777", "it is %#o", *a.Mode)
		}
	}
}

// outputs checks the artifacts and parameters that a template hands on.
func (f *fields) outputs(at0 string, t *wfv1.Template) {
	for i := range t.Outputs.Parameters {
		f.parameter(at0+".outputs.parameters", i, &t.Outputs.Parameters[i])
	}
	for i := range t.Outputs.Artifacts {
		a, field := &t.Outputs.Artifacts[i], at(at0+".outputs.artifacts", i)
		f.path(field, a, t)
		f.archive(field+".archive", a.Archive)
		f.location(field, &a.ArtifactLocation, false)
		f.keyless(field, &a.ArtifactLocation)
		if a.From != "" && a.FromExpression != "" {
			f.report(RuleVolume, field+".fromExpression", "keep one of the two", "it is set beside from")
		}
		f.artifactGC(field+".artifactGC", a.ArtifactGC)
	}
}

// path checks where a template has an artifact, but for those of steps and
// DAGs, which have no files.
func (f *fields) path(field string, a *wfv1.Artifact, t *wfv1.Template) {
	switch {
	case hasTag(a.Path) || !t.IsLeaf():
	case a.Path == "":
		f.report(RuleVolume, field+".path", "say where the file is", "it is not set")
	case climbs(a.Path):
		f.report(RuleVolume, field+".path", "write it without '..'", "%s leads out of its directory, which Argo refuses", shown(a.Path))
	}
}

// climbs reports whether a path leads out of the directory before its first
// "..", or to that directory itself.
func climbs(p string) bool {
	before, _, ok := strings.Cut(p+"/", "/../")
	if !ok || before == "" {
		return false
	}
	return !strings.HasPrefix(path.Clean(p), before+"/")
}

// artifact checks what is passed to a template, as an argument or as the input's
// own default.
func (f *fields) artifact(field string, a *wfv1.Artifact, input bool) {
	f.archive(field+".archive", a.Archive)
	// An optional one that is nowhere is left out.
	if a.Optional && !a.HasLocationOrKey() && a.Git == nil && a.HDFS == nil {
		return
	}
	f.location(field, &a.ArtifactLocation, input)
	f.keyless(field, &a.ArtifactLocation)
}

func (f *fields) archive(field string, a *wfv1.ArchiveStrategy) {
	if a == nil {
		return
	}
	kinds := 0
	for _, set := range []bool{a.None != nil, a.Tar != nil, a.Zip != nil} {
		if set {
			kinds++
		}
	}
	switch {
	case kinds == 0:
		f.report(RuleVolume, field, `write "none: {}", "tar: {}" or "zip: {}"`, "it names no strategy, and Argo makes a tar file")
	case kinds > 1:
		f.report(RuleVolume, field, "keep one of none, tar and zip", "it names %d strategies, and Argo takes one of them", kinds)
	}
	if a.Tar != nil && a.Tar.CompressionLevel != nil {
		if n := *a.Tar.CompressionLevel; n < -2 || n > 9 {
			f.report(RuleVolume, field+".tar.compressionLevel", "use 0 (none) to 9 (best)", "gzip knows no level %d", n)
		}
	}
}
