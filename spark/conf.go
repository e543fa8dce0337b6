package spark

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/sparkconf"
)

// governed names the field that says what a setting says, for the settings
// which the operator overrides without a word, or which would be said twice.
// Source: Spark operator v2.5.1, internal/controller/sparkapplication/submission.go.
var governed = map[string]string{
	"spark.master":            "Target",
	"spark.submit.deployMode": "Base.Mode",
	"spark.app.name":          "Name",

	"spark.kubernetes.namespace":                   "Namespace",
	"spark.kubernetes.container.image":             "Image",
	"spark.kubernetes.driver.container.image":      "Base.Driver.Image",
	"spark.kubernetes.executor.container.image":    "Base.Executor.Image",
	"spark.kubernetes.container.image.pullPolicy":  "Deps.PullPolicy",
	"spark.kubernetes.container.image.pullSecrets": "Deps.PullSecrets",
	"spark.kubernetes.driver.master":               "Base.Driver.KubernetesMaster",

	"spark.kubernetes.authenticate.driver.serviceAccountName":   "Driver.ServiceAccount",
	"spark.kubernetes.authenticate.executor.serviceAccountName": "Executor.ServiceAccount",

	"spark.driver.cores":                    "Driver.Cores",
	"spark.driver.memory":                   "Driver.Memory",
	"spark.driver.memoryOverhead":           "Driver.MemoryOverhead",
	"spark.driver.extraJavaOptions":         "Driver.JavaOptions",
	"spark.kubernetes.driver.request.cores": "Driver.CoreRequest",
	"spark.kubernetes.driver.limit.cores":   "Driver.CoreLimit",

	"spark.executor.cores":                                    "Executor.Cores",
	"spark.executor.memory":                                   "Executor.Memory",
	"spark.executor.memoryOverhead":                           "Executor.MemoryOverhead",
	"spark.executor.extraJavaOptions":                         "Executor.JavaOptions",
	"spark.executor.instances":                                "Executor.Instances",
	"spark.kubernetes.executor.request.cores":                 "Executor.CoreRequest",
	"spark.kubernetes.executor.limit.cores":                   "Executor.CoreLimit",
	"spark.kubernetes.executor.terminationGracePeriodSeconds": "Executor.GracePeriod",

	"spark.dynamicAllocation.enabled":                 "Executor.DynamicAllocation",
	"spark.dynamicAllocation.minExecutors":            "Executor.DynamicAllocation.Min",
	"spark.dynamicAllocation.initialExecutors":        "Executor.DynamicAllocation.Initial",
	"spark.dynamicAllocation.maxExecutors":            "Executor.DynamicAllocation.Max",
	"spark.dynamicAllocation.shuffleTracking.enabled": "Executor.DynamicAllocation.ShuffleTracking",
	"spark.dynamicAllocation.shuffleTracking.timeout": "Executor.DynamicAllocation.ShuffleTrackingTimeout",

	"spark.kubernetes.driver.podTemplateFile":            "Base.Driver.Template",
	"spark.kubernetes.driver.podTemplateContainerName":   "Base.Driver.Template",
	"spark.kubernetes.executor.podTemplateFile":          "Base.Executor.Template",
	"spark.kubernetes.executor.podTemplateContainerName": "Base.Executor.Template",

	"spark.jars":              "Deps.Jars",
	"spark.files":             "Deps.Files",
	"spark.submit.pyFiles":    "Deps.PyFiles",
	"spark.archives":          "Deps.Archives",
	"spark.jars.packages":     "Deps.Packages",
	"spark.jars.excludes":     "Deps.ExcludePackages",
	"spark.jars.repositories": "Deps.Repositories",
}

// governedPrefixes does the same for families of settings.
var governedPrefixes = map[string]string{
	"spark.kubernetes.node.selector.":          "Placement.NodeSelector",
	"spark.kubernetes.driver.node.selector.":   "Driver.Placement.NodeSelector",
	"spark.kubernetes.executor.node.selector.": "Executor.Placement.NodeSelector",
	"spark.kubernetes.driver.label.":           "Driver.Labels",
	"spark.kubernetes.executor.label.":         "Executor.Labels",
	"spark.kubernetes.driver.annotation.":      "Driver.Annotations",
	"spark.kubernetes.executor.annotation.":    "Executor.Annotations",
	"spark.kubernetes.driverEnv.":              "Driver.Env",
	"spark.executorEnv.":                       "Executor.Env",
	"spark.kubernetes.driver.secretKeyRef.":    "Driver.Env",
	"spark.kubernetes.executor.secretKeyRef.":  "Executor.Env",
	"spark.kubernetes.driver.secrets.":         "Driver.Volumes",
	"spark.kubernetes.executor.secrets.":       "Executor.Volumes",
}

// denied are settings that the operator's webhook refuses from v2.5.2 on, and
// that have no field to go to. Credentials come with the service account.
// Source: Spark operator v2.5.2, internal/webhook/sparkconf_validator.go.
var denied = []string{
	"spark.kubernetes.authenticate.oauthToken",
	"spark.kubernetes.authenticate.oauthTokenFile",
	"spark.kubernetes.authenticate.driver.oauthToken",
	"spark.kubernetes.authenticate.driver.oauthTokenFile",
	"spark.kubernetes.authenticate.executor.oauthToken",
	"spark.kubernetes.authenticate.executor.oauthTokenFile",
}

// misnomers are names that never were settings of Spark, though guides and
// articles use them, and what is meant.
var misnomers = map[string]string{
	"spark.kubernetes.tolerations":                         "use Placement.Tolerations",
	"spark.kubernetes.driver.tolerations":                  "use Driver.Placement.Tolerations, or Placement.Tolerations for both roles",
	"spark.kubernetes.executor.tolerations":                "use Executor.Placement.Tolerations, or Placement.Tolerations for both roles",
	"spark.kubernetes.driver.affinity":                     "use Driver.Placement.Affinity",
	"spark.kubernetes.executor.affinity":                   "use Executor.Placement.Affinity",
	"spark.kubernetes.driver.priorityClassName":            "use Driver.PriorityClass",
	"spark.kubernetes.executor.priorityClassName":          "use Executor.PriorityClass",
	"spark.kubernetes.driver.securityContext":              "use Driver.Security",
	"spark.kubernetes.executor.securityContext":            "use Executor.Security",
	"spark.kubernetes.serviceAccountName":                  "use Driver.ServiceAccount",
	"spark.kubernetes.driver.serviceAccountName":           "use Driver.ServiceAccount",
	"spark.kubernetes.driver.memoryOverhead":               "use Driver.MemoryOverhead",
	"spark.kubernetes.executor.memoryOverhead":             "use Executor.MemoryOverhead",
	"spark.kubernetes.driver.schedulerName":                "use spark.kubernetes.driver.scheduler.name",
	"spark.kubernetes.executor.schedulerName":              "use spark.kubernetes.executor.scheduler.name",
	"spark.kubernetes.executor.reusePersistentVolume":      "use Shuffle: spark.ReusePVC",
	"spark.kubernetes.executor.reusePersistentVolumeClaim": "use Shuffle: spark.ReusePVC",
	"spark.kubernetes.pyspark.pythonVersion":               "leave it out: Spark 3.1 and later know Python 3 only",
	"spark.executor.decommission.enabled":                  "use spark.decommission.enabled, or Shuffle: spark.Decommission",
}

// checkConf reports what is wrong with the settings in field, which is Conf
// or Base.SparkConf.
func (j *Job) checkConf(p *millrace.Problems, v version, field string, conf map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(conf)) {
		at := field + "[" + key + "]"
		if owner, ok := governor(key); ok {
			if j.NoDefaults && field == "Base.SparkConf" {
				continue // no default stands in its way: rule spark/conf-override looks at the fields
			}
			p.Conflict(at, "the field "+owner+" governs this setting, and overrides it without a word", "set "+owner+" instead")
			continue
		}
		switch why, fix := ignored(key, v); {
		case why != "":
			p.Add(millrace.RuleUnknown, at, why, fix)
		case kubeflow(j.Target) && slices.Contains(denied, key):
			p.Conflict(at, "the Spark operator refuses it from v2.5.2 on", "leave it out, and give the service account of Driver.ServiceAccount the rights")
		case strings.TrimSpace(key) != key:
			p.Invalid(at, key, "white space around the name, with which Spark doesn't know it", "write it as "+strings.TrimSpace(key))
		case !strings.HasPrefix(key, "spark.") || strings.ContainsAny(key, " \t\r\n="):
			p.Invalid(at, key, "not the name of a Spark setting, which spark-submit ignores", `start it with "spark."; Hadoop's settings go to HadoopConf`)
		case key == keyServiceEnabled && conf[key] == "true":
			p.Unsupported(at, "Kubernetes has no external shuffle service", "use Shuffle: spark.Celeborn or spark.Uniffle")
		case key == keyPushShuffle && conf[key] == "true":
			p.Unsupported(at, "push-based shuffle (Magnet) works on YARN only", "use Shuffle: spark.Celeborn or spark.Uniffle")
		case key == "spark.kubernetes.executor.podNamePrefix":
			checkPodNamePrefix(p, at, conf[key])
		}
		if rest, ok := strings.CutPrefix(key, "spark.hadoop."); ok {
			if _, twice := j.HadoopConf[rest]; twice {
				p.Conflict(at, "HadoopConf holds it as well", "leave one of the two out")
			}
		}
	}
}

// checkHadoopConf reports names that Hadoop never sees: they get the prefix
// "spark.hadoop." from the operator, and by Submit.
func checkHadoopConf(p *millrace.Problems, field string, conf map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(conf)) {
		at := field + "[" + key + "]"
		switch rest, prefixed := strings.CutPrefix(key, "spark.hadoop."); {
		case prefixed:
			p.Invalid(at, key, "it gets the prefix spark.hadoop. once more, and Hadoop doesn't see it", "write it as "+rest)
		case strings.HasPrefix(key, "spark."):
			p.Invalid(at, key, "not a setting of Hadoop", "put it into Conf")
		case key == "" || strings.ContainsAny(key, " \t\r\n="):
			p.Invalid(at, key, "not the name of a setting", "write it as fs.s3a.endpoint")
		}
	}
}

// maxPodNamePrefix leaves room for "-exec-" and a number in the 63 characters
// of a DNS label. Spark 4.1 allows more; the pods' host names don't.
// Source: Spark 3.3, running on Kubernetes, spark.kubernetes.executor.podNamePrefix.
const maxPodNamePrefix = 47

func checkPodNamePrefix(p *millrace.Problems, field, value string) {
	p.LabelName(field, value)
	if len(value) > maxPodNamePrefix {
		p.Invalid(field, value, fmt.Sprintf("longer than %d characters, so that names of executors don't fit", maxPodNamePrefix), "shorten it")
	}
}

// governor returns the field that governs a setting.
func governor(key string) (string, bool) {
	if field, ok := governed[key]; ok {
		return field, true
	}
	for prefix, field := range governedPrefixes {
		if rest, ok := strings.CutPrefix(key, prefix); ok && rest != "" {
			return field, true
		}
	}
	return "", false
}

func hasPrefix(key string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return len(key) > len(p) && strings.HasPrefix(key, p) })
}

// ignored says why Spark ignores a setting because of its name, and what to do;
// empty if it doesn't. A Spark that is newer than the catalogue may have names
// that are not in it, but hardly ones that look like a slip.
func ignored(key string, v version) (why, fix string) {
	if fix, ok := misnomers[key]; ok {
		return "Spark has no such setting, and ignores it without a word", fix
	}
	if _, ok := governor(key); ok || !strings.HasPrefix(key, "spark.kubernetes.") || sparkconf.Known(key) {
		return "", ""
	}
	newest := sparkconf.Newest()
	why = "Spark " + newest + " has no such setting, and ignores it without a word"
	if best, ok := sparkconf.Suggest(key); ok {
		return why, "did you mean " + best + "?"
	}
	if v.after(newest) {
		return "", ""
	}
	return why, "leave it out, or set it in Base.Driver.Template or Base.Executor.Template"
}

// slip says which of Spark's other settings a key was meant to be; empty if it
// is one, or somebody's own.
func slip(key string) string {
	if !strings.HasPrefix(key, "spark.") || strings.HasPrefix(key, "spark.kubernetes.") || sparkconf.Known(key) {
		return ""
	}
	meant, _ := sparkconf.NearMiss(key)
	return meant
}

// settingOf returns what the job's Spark says about a key. It doesn't where
// that Spark has no such setting.
func settingOf(key string, v version) (sparkconf.Setting, bool) {
	entry, ok := sparkconf.Find(key)
	if !ok {
		return sparkconf.Setting{}, false
	}
	return entry.In(v.text)
}

// checkValues reports values that Spark refuses. It is given the settings as
// the user wrote them: what a workflow fills in can't be judged.
func checkValues(p *millrace.Problems, v version, field string, conf map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(conf)) {
		if _, ok := governor(key); ok {
			continue
		}
		if s, ok := settingOf(key, v); ok {
			if why := s.Check(conf[key]); why != "" {
				p.Invalid(field+"["+key+"]", conf[key], "the value "+why, "write "+example(s))
			}
		}
	}
}

// example says what a value of a setting looks like.
func example(s sparkconf.Setting) string {
	switch {
	case len(s.Values) > 0:
		return "one of " + strings.Join(s.Values, ", ")
	case s.Type == sparkconf.Time:
		return "a time such as 30s; without a unit it is in " + s.Unit
	case s.Type == sparkconf.Bytes:
		return "a size such as 64m; without a unit it is in " + s.Unit
	case s.Type == sparkconf.Bool:
		return "true or false"
	case s.Type == sparkconf.Double:
		return "a number such as 0.5"
	}
	return "a whole number"
}
