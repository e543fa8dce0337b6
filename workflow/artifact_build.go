package workflow

import (
	"fmt"
	"regexp"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
)

// maxMode is the highest mode of a file that Argo's CRDs accept.
const maxMode = 0o777

// maxName is how long the names of artifacts and parameters may be.
const maxName = 128

// deletable are the locations that Argo can delete from.
func deletable(l *wfv1.ArtifactLocation) bool {
	return l.S3 != nil || l.GCS != nil || l.Azure != nil || l.OSS != nil
}

// joined lays what the fields of a builder say over a copy of its Base, and
// reports what both set.
func joined[T any, P interface {
	*T
	DeepCopy() *T
}](c *check, field string, base, fields P) *T {
	out := base.DeepCopy()
	for _, path := range overlay.Lay(out, fields.DeepCopy()) {
		c.Conflict(field+".Base."+path, "it is set here and by a field beside Base", "set it in one place")
	}
	return out
}

// ioName checks the name of an input or output, which is not among those that
// were there before it, and takes it down.
func (c *check) ioName(field, name, what string, seen map[string]bool) {
	switch {
	case name == "":
		c.Required(field+".Name", "name the "+what)
	case !parameterName.MatchString(name):
		c.Invalid(field+".Name", name, "Argo can't refer to it", "use letters, digits, '-' and '_'")
	case len(name) > maxName:
		c.Invalid(field+".Name", name, fmt.Sprintf("it is %d characters long", len(name)), fmt.Sprintf("use at most %d", maxName))
	case seen[name]:
		c.Add(millrace.RuleDuplicate, field+".Name", fmt.Sprintf("another %s is called %q", what, name), "rename one of them")
	}
	seen[name] = true
}

// globalName is what Argo accepts, where the name holds no reference.
func (c *check) globalName(field, name string) {
	if name != "" && !strings.Contains(name, "{{") && !parameterName.MatchString(name) {
		c.Invalid(field, name, "Argo can't refer to it", "use letters, digits, '-' and '_'")
	}
}

// render renders what inputs and outputs have in common.
func (a Artifact) render(c *check, field string) wfv1.Artifact {
	var out wfv1.Artifact
	if !isNil(a.From) {
		a.From.locate(c, field+".From", &out)
	}
	switch {
	case a.Expression.none():
	case !isNil(a.From):
		c.Conflict(field+".Expression", "the artifact has a From, too", "set one of them")
	default:
		out.FromExpression = a.Expression.computed(c, field+".Expression", asArtifact)
	}
	if a.SubPath != "" {
		if out.SubPath != "" {
			c.Conflict(field+".SubPath", "From names a part already", "set one of them")
		}
		out.SubPath = a.SubPath
	}
	out.Name, out.Path, out.GlobalName = a.Name, a.Path, a.Global
	out.Mode, out.RecurseMode, out.Optional = a.Mode, a.RecurseMode, a.Optional
	if !isNil(a.Archive) {
		out.Archive = a.Archive.archive(c, field+".Archive")
	}
	switch a.Delete {
	case "":
	case DeleteOnCompletion, DeleteOnDeletion, DeleteNever:
		out.ArtifactGC = &wfv1.ArtifactGC{Strategy: wfv1.ArtifactGCStrategy(a.Delete)}
	default:
		c.Invalid(field+".Delete", a.Delete, "Argo knows no such time", "use DeleteOnCompletion, DeleteOnDeletion or DeleteNever")
	}
	out = *joined(c, field, &a.Base, &out)
	a.check(c, field, &out)
	return out
}

// check looks at what became of the fields and Base together.
func (a Artifact) check(c *check, field string, out *wfv1.Artifact) {
	if places := places(out); len(places) > 1 {
		at := ".From"
		if isNil(a.From) && !a.Expression.none() {
			at = ".Expression"
		}
		c.Conflict(field+at, "the artifact has several places: "+strings.Join(places, ", "), "leave one of them")
	}
	if out.Mode != nil && (*out.Mode < 0 || *out.Mode > maxMode) {
		c.Invalid(field+".Mode", fmt.Sprintf("0%o", *out.Mode), "Argo accepts 0 to 0777", "leave out what is above it")
	}
	if out.RecurseMode && out.Mode == nil {
		c.Required(field+".Mode", "say which mode RecurseMode gives to the files")
	}
	if out.SubPath != "" && !moved(out) {
		c.Unsupported(field+".SubPath", "Argo looks at it only where the artifact is that of another task", "put it into the key of the location")
	}
	if out.Archive != nil && moved(out) {
		c.Unsupported(field+".Archive", "Argo unpacks what a task put out in the way that the task packed it", "set it at the output")
	}
	if n := archives(out.Archive); n > 1 {
		c.Conflict(field+".Archive", "the artifact is packed in two ways", "leave one of them")
	}
	c.globalName(field+".Global", out.GlobalName)
	c.path(field+".Path", out.Path)
}

var (
	// traversal finds the way up in a path.
	traversal = regexp.MustCompile(`(^|[/\\])\.\.([/\\]|$)`)
	// beginning is that of an absolute path, on Windows too, or of a reference.
	beginning = regexp.MustCompile(`^(/|[A-Za-z]:|\{\{)`)
)

// path checks a path in a container, which may hold references.
func (c *check) path(field, path string) {
	switch {
	case path == "":
	case !beginning.MatchString(path):
		c.Invalid(field, path, "nothing says where it begins", "begin it with '/'")
	case traversal.MatchString(path):
		c.Invalid(field, path, "Argo refuses ways up", "write the path without '..'")
	}
}

// moved reports whether the artifact is one that is somewhere already.
func moved(a *wfv1.Artifact) bool { return a.From != "" || a.FromExpression != "" }

func archives(s *wfv1.ArchiveStrategy) (n int) {
	if s == nil {
		return 0
	}
	for _, set := range []bool{s.None != nil, s.Tar != nil, s.Zip != nil} {
		if set {
			n++
		}
	}
	return n
}

// places lists where an artifact is, by Argo's names.
func places(a *wfv1.Artifact) (out []string) {
	for _, p := range []struct {
		name string
		set  bool
	}{
		{"from", a.From != ""}, {"fromExpression", a.FromExpression != ""},
		{"s3", a.S3 != nil}, {"gcs", a.GCS != nil}, {"azure", a.Azure != nil}, {"oss", a.OSS != nil},
		{"hdfs", a.HDFS != nil}, {"artifactory", a.Artifactory != nil}, {"http", a.HTTP != nil},
		{"git", a.Git != nil}, {"raw", a.Raw != nil},
	} {
		if p.set {
			out = append(out, p.name)
		}
	}
	return out
}
