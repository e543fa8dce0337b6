package spark

import (
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
)

// Submission is what spark-submit is told of a job: its options, settings,
// file and arguments, and the pod templates that it reads. A Go program makes
// one with Job.Submission and starts spark-submit itself, or hands it to
// something else that does; the script that Build makes is written from it.
//
// It keeps no memory in common with the Job. Its methods don't change it.
type Submission struct {
	// Name is the job's name, and the beginning of the templates' file names.
	// It is among the Options, as --name.
	Name string
	// Mode says where the driver runs, as --deploy-mode does. Never empty.
	Mode Mode
	// Options are spark-submit's options but for --conf: name and value by
	// turns. The first are --master and --deploy-mode.
	Options []string
	// Conf holds Spark's settings, one --conf each, but for those that name
	// the pod templates.
	Conf map[string]string
	// Main is the job's file.
	Main string
	// Args are the job's own arguments.
	Args []string
	// Env holds the variables that the driver needs where spark-submit runs, in
	// client mode: those of secrets by which it comes to its stores. The
	// script asks for them. Nil in cluster mode, where the template has them.
	Env []corev1.EnvVar
	// Driver is the template of the driver's pod. Nil in client mode, which
	// makes no such pod.
	Driver *corev1.Pod
	// Executor is the template of the executors' pods.
	Executor *corev1.Pod
	// PodGroup is the template of Volcano's pod group, a PodGroup of
	// scheduling.volcano.sh/v1beta1 that marshals as such. Nil where the
	// Scheduler isn't Volcano.
	PodGroup any
}

// besideFile is a file that spark-submit is told of in a setting, beside the pod
// templates.
type besideFile struct {
	setting string
	suffix  string // of its name, behind the job's
	object  any
}

// TemplateFiles says where spark-submit finds the pod templates: paths on its
// own machine, or URLs of a Hadoop file system that it can read,
// "s3a://bucket/driver.yaml".
//
// A zero field means the file's name alone, as Submission.Files has it, which
// is looked for in the working directory.
type TemplateFiles struct {
	// Driver, Executor and PodGroup are where the templates of those names in
	// the Submission are.
	Driver, Executor, PodGroup string
}

// Submission checks the job and returns what spark-submit is told of it. The
// job's Target is a Submit; any other is reported.
func (j *Job) Submission() (*Submission, error) {
	app, p := j.compose(alone)
	if j == nil {
		return nil, p.Err()
	}
	t, ok := j.Target.(Submit)
	if !ok {
		p.Unsupported("Target", "an operator calls spark-submit by itself", "use spark.Submit{}, or call SparkApplication")
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	beside := j.beside(app)
	s := t.submission(app, j, p)
	for _, b := range beside {
		s.PodGroup = b.object
		if _, err := yaml.Append(nil, b.object); err != nil {
			p.Invalid("Scheduler", b.suffix, err.Error(), "check its amounts")
		}
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// buildFiles is Build for the target Submit.
func (j *Job) buildFiles() (millrace.Parts, error) {
	s, err := j.Submission()
	if err != nil {
		return millrace.Parts{}, err
	}
	files, err := s.Files()
	if err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Files: files, PlacedOn: j.placedOn()}, nil
}

// submission says an application in spark-submit's words, and reports what it
// has none for.
func (t Submit) submission(app *v1beta2.SparkApplication, j *Job, p *millrace.Problems) *Submission {
	base := j.Base.Driver
	if t.client() {
		app.Spec.Driver = clientDriver(&app.Spec.Driver)
	}
	w := submission{spec: app.Spec.DeepCopy(), conf: make(map[string]string)}
	w.take(app)
	w.takeTemplates(app)
	for _, r := range roles { // which the files' own settings override
		delete(w.conf, "spark.kubernetes."+string(r)+".podTemplateFile")
		delete(w.conf, "spark.kubernetes."+string(r)+".podTemplateContainerName")
	}
	w.report(p)
	if t.client() {
		reportClient(p, base.DeepCopy())
	}
	s := &Submission{
		Name:     app.Name,
		Mode:     t.mode(),
		Options:  append([]string{"--master", t.Master}, w.options...),
		Conf:     w.conf,
		Main:     w.main[0],
		Args:     w.main[1:],
		Executor: w.pod(executorRole),
	}
	if t.client() {
		s.Env = clone(j).partsOf(driverRole).env
	} else {
		s.Driver = w.pod(driverRole)
	}
	for _, r := range s.roles() {
		if _, err := yaml.Append(nil, s.template(r)); err != nil {
			p.Invalid(r.field(), "the pod template", err.Error(), "check what Base."+r.field()+" puts into it")
		}
	}
	return s
}

// pod returns a role's template in the form of a file.
func (w *submission) pod(r role) *corev1.Pod {
	t := w.templates[r]
	return &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: t.ObjectMeta, Spec: t.Spec}
}

// Arguments returns what spark-submit is started with, ready for os/exec: all
// but the program's own name. The job's own arguments come last, so that more
// of them may be appended. Java reads arguments in the encoding of the locale:
// start spark-submit with LC_ALL=C.UTF-8 where they aren't plain ASCII.
func (s *Submission) Arguments(templates TemplateFiles) []string {
	var out []string
	for _, line := range s.lines(TemplateFiles{templateURL(templates.Driver), templateURL(templates.Executor), templateURL(templates.PodGroup)}) {
		for _, w := range line {
			out = append(out, w.text)
		}
	}
	return out
}

// templateURL spells a path as Spark reads it: as a URL, where a space is a
// mistake and a number sign ends the path.
func templateURL(file string) string {
	if strings.Contains(file, "://") {
		return file
	}
	return (&url.URL{Path: file}).String()
}

// word is one of spark-submit's arguments. A word that is expanded names a
// file beside the script.
type word struct {
	text     string
	expanded bool
}

// lines returns the arguments, those together that belong together.
func (s *Submission) lines(templates TemplateFiles) [][]word {
	var out [][]word
	add := func(words ...string) {
		var line []word
		for _, w := range words {
			line = append(line, word{text: w})
		}
		out = append(out, line)
	}
	for pair := range slices.Chunk(s.Options, 2) {
		add(pair...)
	}
	for _, key := range slices.Sorted(maps.Keys(s.Conf)) {
		add("--conf", key+"="+s.Conf[key])
	}
	for _, r := range s.roles() {
		prefix := "spark.kubernetes." + string(r)
		file := first(templates.of(r), s.file(string(r)))
		out = append(out, []word{{text: "--conf"}, {prefix + ".podTemplateFile=" + file, true}})
		add("--conf", prefix+".podTemplateContainerName="+r.container())
	}
	if s.PodGroup != nil {
		out = append(out, []word{{text: "--conf"}, {podGroupFile + "=" + first(templates.PodGroup, s.file(podGroupSuffix)), true}})
	}
	for _, w := range append([]string{s.Main}, s.Args...) {
		add(w)
	}
	return out
}

// of returns where a role's template is.
func (t TemplateFiles) of(r role) string {
	if r == driverRole {
		return t.Driver
	}
	return t.Executor
}

// roles are those whose pods Spark makes.
func (s *Submission) roles() []role {
	if s.Driver == nil {
		return []role{executorRole}
	}
	return roles[:]
}

func (s *Submission) template(r role) *corev1.Pod {
	if r == driverRole {
		return s.Driver
	}
	return s.Executor
}

// file is the name of a template's file.
func (s *Submission) file(suffix string) string { return s.Name + "-" + suffix + ".yaml" }

// podGroupSuffix ends the name of the file of Volcano's pod group.
const podGroupSuffix = "podgroup"

// scriptDir is where a Submit's files lie.
const scriptDir = "scripts"

// Files returns the script and the pod templates, as Build does. The error is
// about a template that can't be written, which Job.Submission refuses.
func (s *Submission) Files() ([]millrace.File, error) {
	files := []millrace.File{{Path: path.Join(scriptDir, s.Name+".sh"), Data: s.script(), Executable: true}}
	add := func(suffix string, object any) error {
		data, err := yaml.Append(nil, object)
		files = append(files, millrace.File{Path: path.Join(scriptDir, s.file(suffix)), Data: data})
		return err
	}
	for _, r := range s.roles() {
		if err := add(string(r), s.template(r)); err != nil {
			return nil, err
		}
	}
	if s.PodGroup != nil {
		if err := add(podGroupSuffix, s.PodGroup); err != nil {
			return nil, err
		}
	}
	return files, nil
}
