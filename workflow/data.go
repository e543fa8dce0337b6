package workflow

import (
	"reflect"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/overlay"
)

// Data is a step that lists the files at a place and passes the list through
// expressions. What comes out is the task's Result, for a Loop over it.
//
// Rendered as a template with data.
type Data struct {
	// Source is the place whose files are listed: a Location in S3, GCS, Azure
	// or OSS, which are what Argo can list. Its Path means nothing here. Required.
	//
	// Rendered as data.source.artifactPaths.
	Source Artifact
	// Transform are expressions, each of which gets the result of the one before
	// as data: Expr(`filter(data, {# endsWith ".csv"})`). Empty means that the
	// list stays as it is.
	//
	// Rendered as data.transformation; an empty one as the expression "data".
	Transform []Expression
	// Base holds what has no field of its own here.
	Base wfv1.Data
}

// template implements Step.
func (s Data) template(c *check, field string, t *wfv1.Template) {
	out := s.Base.DeepCopy()
	fields := &wfv1.Data{}
	if !reflect.ValueOf(s.Source).IsZero() || s.Base.Source.ArtifactPaths == nil {
		fields.Source.ArtifactPaths = &wfv1.ArtifactPaths{Artifact: c.filesOf(field+".Source", s.Source)}
	}
	for i, e := range s.Transform {
		if e.none() {
			c.Required(at(field+".Transform", i), "write the expression, or leave it out")
		}
		fields.Transformation = append(fields.Transformation, wfv1.TransformationStep{Expression: e.computed(c, at(field+".Transform", i), asField)})
	}
	for _, path := range overlay.Lay(out, fields) {
		c.Conflict(field+".Base."+path, "it is set here and by a field of the step", "set it in one place")
	}
	if len(out.Transformation) == 0 {
		out.Transformation = wfv1.Transformation{{Expression: "data"}}
	}
	t.Data = out
}

// filesOf renders the place whose files a data step lists.
func (c *check) filesOf(field string, a Artifact) wfv1.Artifact {
	out := a.render(c, field)
	if out.Name == "" {
		c.Required(field+".Name", "name the artifact")
	}
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"Path", out.Path != ""}, {"Optional", out.Optional}, {"Mode", out.Mode != nil}, {"RecurseMode", out.RecurseMode}, {"Archive", out.Archive != nil && !moved(&out)},
		{"Global", out.GlobalName != ""}, {"Delete", out.ArtifactGC != nil},
	} {
		if f.set {
			c.Unsupported(field+"."+f.name, "the files are listed, and not brought into a container", "leave it out")
		}
	}
	l := &out.ArtifactLocation
	switch {
	case out.FromExpression != "":
		c.Unsupported(field+".Expression", "Argo lists the files of one place", "give the place in From")
	case out.From != "":
		c.Unsupported(field+".From", "Argo lists the files of a place, and not those of another task", "give the place in which that task leaves them")
	case l.Git != nil || l.HTTP != nil || l.HDFS != nil || l.Raw != nil || l.Artifactory != nil:
		c.Unsupported(field+".From", "Argo can't list the files there", "use S3, GCS, Azure or OSS")
	case l.S3 == nil && l.GCS == nil && l.Azure == nil && l.OSS == nil:
		c.Required(field+".From", "say where the files lie")
	}
	return out
}
