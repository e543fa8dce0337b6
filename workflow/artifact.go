package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// Artifact is a file or directory that a step takes in or puts out.
//
// An input of a Definition without From is given by each task that uses it, in
// Task.Artifacts; with a From it is a default, for tasks that give none. An
// input of a task's own step says with From where it comes from.
//
// An output goes to From; without one, to the artifact repository. An output
// of a DAG or of Steps is that of a task in it, named by From or Expression.
type Artifact struct {
	// Name is the artifact's name: letters, digits, '-' and '_', at most 128 of
	// them; unique among the inputs or outputs of the step. Required.
	//
	// Rendered as name.
	Name string
	// Path is where it lies in the container. Required for steps with a
	// container, and for resources; others have no files.
	//
	// Rendered as path.
	Path string
	// From is where an input comes from: another task's output
	// (Task.Artifact), or a Location. For outputs, where it goes; nil is the
	// artifact repository.
	//
	// Rendered as from, or what the Location says.
	From Location
	// Expression chooses the source among the artifacts of tasks. It is for the
	// outputs of a DAG or of Steps: Argo refuses it where a task is given
	// something. It is short for a From of FromExpression, and excludes From. The
	// zero Expression chooses nothing.
	//
	// Rendered as fromExpression.
	Expression Expression
	// SubPath is the file or directory to take out of the artifact that From or
	// Expression names. Locations have it in their key. Empty takes all of it.
	//
	// Rendered as subPath.
	SubPath string
	// Optional has the step go on where the artifact is missing. False has it
	// fail.
	//
	// Rendered as optional.
	Optional bool
	// Mode is the mode of an input's file, 0 to 0777. Nil leaves it as it came.
	//
	// Rendered as mode.
	Mode *int32
	// RecurseMode gives Mode to all that is in the directory, too. False leaves
	// that as it came.
	//
	// Rendered as recurseMode.
	RecurseMode bool
	// Archive is how an output is packed, or an input is to be unpacked. Nil
	// means a compressed tar for outputs, and for inputs that a tar is
	// recognised and unpacked, but a zip is not.
	//
	// Rendered as archive.
	Archive Archive
	// Global is the name under which an output is known in the whole run, as
	// "workflow.outputs.artifacts.NAME". Empty means that it is not.
	//
	// Rendered as globalName.
	Global string
	// Delete is when an output is deleted from where it lies. Empty means as
	// the run says, which is never if it says nothing.
	//
	// Rendered as artifactGC.strategy.
	Delete Deletion
	// Base holds what has no field of its own here. What both set is a mistake.
	Base wfv1.Artifact
}

// Deletion is when an output artifact is deleted.
type Deletion string

// Deleting needs a service account that may patch workflowartifactgctasks; the
// run stays until it is done.
const (
	// DeleteOnCompletion deletes it when the run has ended.
	DeleteOnCompletion Deletion = "OnWorkflowCompletion"
	// DeleteOnDeletion deletes it when the run is deleted.
	DeleteOnDeletion Deletion = "OnWorkflowDeletion"
	// DeleteNever keeps it, whatever the run says.
	DeleteNever Deletion = "Never"
)

// Archive is how an artifact is packed. The types of this package implement
// it, and no others can: Tar, Zip and NoArchive.
type Archive interface {
	archive(c *check, field string) *wfv1.ArchiveStrategy
}

// Tar is a tar, compressed by gzip.
type Tar struct {
	// Level is gzip's level of compression: 0 for none, 1 for the fastest to 9
	// for the smallest, -2 for Huffman coding only. Nil means -1, which is
	// gzip's own choice.
	//
	// Rendered as archive.tar.compressionLevel.
	Level *int
}

// The levels that gzip knows. Source: compress/gzip.
const (
	minCompression = -2
	maxCompression = 9
)

func (t Tar) archive(c *check, field string) *wfv1.ArchiveStrategy {
	out := &wfv1.TarStrategy{}
	if t.Level != nil {
		if *t.Level < minCompression || *t.Level > maxCompression {
			c.Invalid(field+".Level", *t.Level, "gzip knows the levels -2 to 9", "use new(0) for no compression, or leave it nil")
			return nil
		}
		out.CompressionLevel = new(int32(*t.Level))
	}
	return &wfv1.ArchiveStrategy{Tar: out}
}

// Zip is a zip.
type Zip struct{}

func (Zip) archive(*check, string) *wfv1.ArchiveStrategy {
	return &wfv1.ArchiveStrategy{Zip: &wfv1.ZipStrategy{}}
}

// NoArchive leaves a file as it is, and a directory as its files.
type NoArchive struct{}

func (NoArchive) archive(*check, string) *wfv1.ArchiveStrategy {
	return &wfv1.ArchiveStrategy{None: &wfv1.NoneStrategy{}}
}

// Location is where an artifact lies. The types of this package implement it,
// and no others can: S3, GCS, Azure, OSS, HDFS, Artifactory, HTTPFile, Git,
// Content, RepositoryKey; and what names another artifact: From,
// FromExpression and Part.
type Location interface {
	// locate fills in the place, and reports what is wrong.
	locate(c *check, field string, a *wfv1.Artifact)
}

// From is the output artifact of another task, or an input artifact of the
// definition around: its variable. See Task.Artifact and Artifact.Variable.
type From Variable

// locate implements Location.
func (f From) locate(c *check, field string, a *wfv1.Artifact) {
	if f == "" {
		c.Required(field, "name the artifact: the Artifact of a task, or the Variable of an input")
	}
	a.From = Variable(f).Ref()
}

// FromExpression chooses one of the artifacts of the tasks in a DAG or in Steps,
// as the output of those. It names artifacts, which are no values, in Argo's own
// words: Expr("tasks.a.outputs.artifacts.x").
//
// Argo refuses it where a task is given something.
//
// Rendered as fromExpression.
type FromExpression Expression

// locate implements Location.
func (f FromExpression) locate(c *check, field string, a *wfv1.Artifact) {
	if Expression(f).none() {
		c.Required(field, "say which artifact it is")
		a.From = Variable("").Ref() // a source, so that no other is asked for
		return
	}
	a.FromExpression = Expression(f).computed(c, field, asArtifact)
}

// Part is one file or directory of a directory that another task put out.
type Part struct {
	// Of is the artifact, Path the way in it.
	Of   From
	Path string
}

// locate implements Location.
func (p Part) locate(c *check, field string, a *wfv1.Artifact) {
	p.Of.locate(c, field+".Of", a)
	if p.Path == "" {
		c.Required(field+".Path", "name the file, or use the From itself")
	}
	a.SubPath = p.Path
}
