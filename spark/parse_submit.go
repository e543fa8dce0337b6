package spark

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/closest"
)

// ParseSubmit makes a job of the words of a spark-submit command, with or
// without the name of the program before them. Options and settings are in the
// job's fields where these say the same, and in Conf otherwise; the job has
// NoDefaults and, for a master of Kubernetes, the Target Submit. Set another
// one to move it to an operator, and take NoDefaults away for the defaults of
// production.
//
// The findings tell what was understood otherwise than Spark does, and what was
// left out since it has no meaning on Kubernetes: queues of YARN, tolerations
// that are no setting and that Spark ignores. The error names what is no
// spark-submit command: an option that doesn't exist, or lacks its value. What
// the command says wrongly, and what it lacks, the job's Build reports.
func ParseSubmit(words []string) (*Job, []millrace.Finding, error) {
	s := submitReader{conf: make(map[string]string), from: make(map[string]string)}
	if err := s.words(words); err != nil {
		return nil, nil, fmt.Errorf("parse spark-submit: %w", err)
	}
	job := s.job()
	for i := range s.findings {
		s.findings[i].Object = millrace.Ref{Kind: "spark-submit", Name: job.Name}
	}
	return job, s.findings, nil
}

// submitReader reads the words of a command.
type submitReader struct {
	conf     map[string]string
	from     map[string]string // the option that a setting comes from, where it is not --conf
	class    string
	main     string
	args     []string
	findings []millrace.Finding
}

func (s *submitReader) note(severity millrace.Severity, rule, field, detail, fix string) {
	s.findings = append(s.findings, millrace.Finding{Rule: rule, Severity: severity, Field: field, Detail: detail, Fix: fix})
}

// leftOut notes what has no meaning on Kubernetes.
func (s *submitReader) leftOut(field, detail, fix string) {
	s.note(millrace.Warning, millrace.RuleUnsupported, field, detail+"; it is left out", fix)
}

// optionSettings are the options that are short for a setting. They go before
// it. Source: apache/spark, SparkSubmitArguments.
var optionSettings = map[string]string{
	"--master": "spark.master", "--deploy-mode": "spark.submit.deployMode", "--name": "spark.app.name",
	"--jars": "spark.jars", "--files": "spark.files", "--py-files": "spark.submit.pyFiles", "--archives": "spark.archives",
	"--packages": "spark.jars.packages", "--exclude-packages": "spark.jars.excludes", "--repositories": "spark.jars.repositories",
	"--driver-memory": "spark.driver.memory", "--driver-cores": "spark.driver.cores", "--driver-java-options": "spark.driver.extraJavaOptions",
	"--driver-class-path": "spark.driver.extraClassPath", "--driver-library-path": "spark.driver.extraLibraryPath",
	"--executor-memory": "spark.executor.memory", "--executor-cores": "spark.executor.cores", "--num-executors": "spark.executor.instances",
	"--principal": "spark.kerberos.principal", "--keytab": "spark.kerberos.keytab",
}

// elsewhere are the options that only other cluster managers know.
var elsewhere = map[string]string{
	"--queue":                "YARN has queues",
	"--total-executor-cores": "a standalone cluster counts the cores of all executors",
	"--supervise":            "a standalone cluster restarts its drivers",
}

// otherOptions are those that make no job.
var otherOptions = map[string]string{
	"--kill": "it ends a submission", "--status": "it asks for a submission's status", "--help": "it prints a help text",
	"--version": "it prints a version", "--usage-error": "it prints a help text", "--remote": "it connects to a server that runs already, and submits nothing",
}

var shortOptions = map[string]string{"-c": "--conf", "-h": "--help", "-v": "--verbose"}

// switches have no value.
var switches = []string{"--supervise", "--verbose", "--help", "--version", "--usage-error", "--load-spark-defaults"}

func (s *submitReader) words(words []string) error {
	if len(words) > 0 && path.Base(words[0]) == "spark-submit" {
		words = words[1:]
	}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		if !strings.HasPrefix(word, "-") {
			s.main, s.args = word, slices.Clone(words)
			return nil
		}
		name, value, joined := strings.Cut(word, "=")
		if !strings.HasPrefix(word, "--") {
			name, joined = word, false
		}
		if long, ok := shortOptions[name]; ok {
			name = long
		}
		if why, ok := otherOptions[name]; ok {
			return fmt.Errorf("%s: %s: it makes no job", word, why)
		}
		if slices.Contains(switches, name) {
			if why, ok := elsewhere[name]; ok {
				s.leftOut(name, why, "use Lifecycle.Restart with an operator")
			}
			continue
		}
		if !isOption(name) {
			return unknownOption(name)
		}
		if !joined {
			if len(words) == 0 {
				return fmt.Errorf("%s: its value is missing", name)
			}
			value, words = words[0], words[1:]
		}
		if err := s.option(name, value); err != nil {
			return err
		}
	}
	return fmt.Errorf("the file to run is missing: it comes after the options")
}

func isOption(name string) bool {
	_, setting := optionSettings[name]
	_, other := elsewhere[name]
	return setting || other || slices.Contains([]string{"--conf", "--class", "--properties-file", "--proxy-user"}, name)
}

func unknownOption(name string) error {
	all := append(slices.Collect(maps.Keys(optionSettings)), "--conf", "--class", "--properties-file", "--proxy-user")
	if best, ok := closest.Name(name, slices.Values(all)); ok {
		return fmt.Errorf("%s: spark-submit has no such option: did you mean %s?", name, best)
	}
	return fmt.Errorf("%s: spark-submit has no such option", name)
}

func (s *submitReader) option(name, value string) error {
	switch name {
	case "--conf":
		key, v, ok := strings.Cut(value, "=")
		if !ok {
			return fmt.Errorf("--conf %s: not key=value", value)
		}
		s.set(key, v, "")
	case "--class":
		s.class = value
	case "--proxy-user":
		s.conf[proxyUser] = value
	case "--properties-file":
		s.note(millrace.Error, millrace.RuleUnsupported, name, "the settings in "+quoted(value)+" are not read", "put them into Conf, or give them by --conf")
	default:
		if why, ok := elsewhere[name]; ok {
			s.leftOut(name, why, elsewhereFixes[name])
			return nil
		}
		s.set(optionSettings[name], value, name)
	}
	return nil
}

var elsewhereFixes = map[string]string{
	"--queue":                "set Scheduler to spark.YuniKorn, Volcano or Kueue, which have queues",
	"--total-executor-cores": "set Executor.Instances to this number divided by Executor.Cores",
}

// proxyUser stands among the settings for the one option that is none.
const proxyUser = "--proxy-user"

// set keeps a setting: an option goes before --conf, and what comes later
// before what came earlier.
func (s *submitReader) set(key, value, option string) {
	before, twice := s.conf[key]
	if twice && before != value {
		kept := value
		if option == "" && s.from[key] != "" {
			kept = before
		}
		s.note(millrace.Warning, millrace.RuleDuplicate, "--conf "+key, fmt.Sprintf("it is given as %s and as %s: Spark takes %s", quoted(before), quoted(value), quoted(kept)), "leave one of the two out")
	}
	if option == "" && s.from[key] != "" {
		return
	}
	s.conf[key] = value
	s.from[key] = option
}

// imageVersion finds Spark's version in the tag of an image.
var imageVersion = regexp.MustCompile(`[:v-]([34]\.\d+\.\d+)`)

// job makes an application of the settings, as the operator would have it, and
// the job of that.
func (s *submitReader) job() *Job {
	spec := &v1beta2.SparkApplicationSpec{MainApplicationFile: nonZero(s.main), MainClass: nonZero(s.class), Arguments: s.args}
	j := &Job{NoDefaults: true}
	s.readTarget(j)
	s.readMisnomers(spec)
	for _, key := range slices.Sorted(maps.Keys(s.conf)) {
		if s.readNames(j, key) || s.readElsewhere(key) || s.readSpec(spec, key) || s.readFamily(spec, key) {
			continue
		}
		put(&spec.SparkConf, key, s.conf[key])
	}
	if m := imageVersion.FindStringSubmatch(deref(spec.Image)); m != nil {
		spec.SparkVersion = m[1]
		s.note(millrace.Info, millrace.RuleRequired, "Version", "the command doesn't name Spark's version, "+m[1]+" is read off the image's tag", "correct Version where the image has another one")
	}
	language, _ := (&Job{Main: s.main}).language()
	spec.Type = v1beta2.SparkApplicationType(language)
	r := applicationReader{spec: spec, job: j}
	r.read()
	j.Base = *spec
	return j
}

func (s *submitReader) readTarget(j *Job) {
	master, mode := s.conf["spark.master"], s.conf["spark.submit.deployMode"]
	switch {
	case strings.HasPrefix(master, "k8s://") && mode == string(ClusterMode):
		j.Target = Submit{Master: master}
	case strings.HasPrefix(master, "k8s://"):
		j.Target = Submit{Master: master, Mode: ClientMode, Driver: s.readClient()}
		s.note(millrace.Info, millrace.RuleUnsupported, "--deploy-mode", "the driver runs where spark-submit does, and is no pod", "set Mode of the Target to spark.ClusterMode, or Target to an operator, to make it one")
	case master != "":
		s.leftOut("--master", quoted(master)+" is no Kubernetes", "set Target to spark.Submit with the API server as its Master, or leave it to the operator")
	}
	delete(s.conf, "spark.master")
	delete(s.conf, "spark.submit.deployMode")
}

// readClient takes where executors find a driver that is no pod of Spark's.
func (s *submitReader) readClient() ClientDriver {
	out := ClientDriver{Host: s.conf["spark.driver.host"], Pod: s.conf[keyDriverPod]}
	delete(s.conf, "spark.driver.host")
	delete(s.conf, keyDriverPod)
	for key, port := range map[string]*int32{"spark.driver.port": &out.Port, "spark.driver.blockManager.port": &out.BlockManagerPort} {
		if n, err := strconv.ParseInt(s.conf[key], 10, 32); err == nil && n > 0 {
			*port = int32(n)
			delete(s.conf, key)
		}
	}
	return out
}

// readNames takes the names of the job.
func (s *submitReader) readNames(j *Job, key string) bool {
	switch key {
	case "spark.app.name":
		j.Name = dnsName(s.conf[key])
		if j.Name != s.conf[key] {
			s.note(millrace.Info, millrace.RuleInvalid, "--name", quoted(s.conf[key])+" is not the name of an object, it becomes "+quoted(j.Name), "choose another Name")
		}
	case "spark.kubernetes.namespace":
		j.Namespace = s.conf[key]
	default:
		return false
	}
	return true
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// dnsName writes an application's name as Spark makes names of pods of it.
func dnsName(s string) string {
	s = strings.Trim(notInNames.ReplaceAllString(lower(s), "-"), "-")
	if s != "" && (s[0] < 'a' || s[0] > 'z') {
		s = "spark-" + s
	}
	return strings.TrimRight(s[:min(len(s), maxName)], "-")
}

// foreignPrefixes are the settings of other cluster managers.
var foreignPrefixes = []string{"spark.yarn.", "spark.mesos.", "spark.deploy.", "spark.worker.", "spark.master.", "spark.standalone."}

// readElsewhere leaves out what only other cluster managers know.
func (s *submitReader) readElsewhere(key string) bool {
	switch {
	case hasPrefix(key, foreignPrefixes):
		s.leftOut("--conf "+key, "another cluster manager's setting", "leave it out")
	case key == "spark.cores.max":
		s.leftOut("--conf "+key, elsewhere["--total-executor-cores"], elsewhereFixes["--total-executor-cores"])
	case key == keyServiceEnabled && s.conf[key] == "true":
		s.leftOut("--conf "+key, "Kubernetes has no external shuffle service", "use Shuffle: spark.Celeborn or spark.Uniffle")
	case key == keyPushShuffle && s.conf[key] == "true":
		s.leftOut("--conf "+key, "push-based shuffle (Magnet) works on YARN only", "use Shuffle: spark.Celeborn or spark.Uniffle")
	default:
		return false
	}
	return true
}
