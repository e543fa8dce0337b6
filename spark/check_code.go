package spark

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/millrace/millrace"
)

// className is what the JVM takes for one.
var className = regexp.MustCompile(`^[\pL\pN_$]+(\.[\pL\pN_$]+)*$`)

func (j *Job) checkCode(p *millrace.Problems, language Language) {
	switch language {
	case "", Java, Scala, Python, R:
	case SQL:
		j.checkSQL(p)
	default:
		p.Invalid("Language", string(language), "Spark doesn't run it", "use spark.Java, Scala, Python, R or SQL")
	}
	if j.Image != "" && strings.ContainsAny(j.Image, " \t\r\n") {
		p.Invalid("Image", j.Image, "holds white space", "write it as registry/name:tag")
	}
	if main := j.Main; main != "" {
		j.checkMain(p, main, language)
	}
	if j.Class != "" && !className.MatchString(j.Class) {
		p.Invalid("Class", j.Class, "not a class name", `write it as "com.company.etl.ExtractOrders"`)
	}
}

func (j *Job) checkMain(p *millrace.Problems, main string, language Language) {
	switch {
	case strings.HasPrefix(main, "-"):
		p.Invalid("Main", main, "spark-submit would take it for an option", "write it as local:///opt/spark/jobs/etl.jar")
	case strings.ContainsAny(main, "\t\r\n"):
		p.Invalid("Main", main, "holds white space", "write it as local:///opt/spark/jobs/etl.jar")
	case main != noMain && j.submitterFile(main):
		p.Invalid("Main", main, submitterFile, submitterFileFix)
	}
	switch language {
	case Java, Scala, Python, R, SQL:
	default:
		return // which checkCode has reported
	}
	field := "Main"
	if j.Language != "" {
		field = "Language"
	}
	wrong := func(kind string) {
		p.Conflict(field, fmt.Sprintf("%s is a %s file, and the language is %s", quoted(main), kind, language), "set Language right, or leave it to the file's extension")
	}
	switch name := lower(main); {
	case strings.HasSuffix(name, ".py") && language != Python:
		wrong("Python")
	case strings.HasSuffix(name, ".r") && language != R:
		wrong("R")
	case strings.HasSuffix(name, ".sql") && language != SQL:
		wrong("SQL")
	case strings.HasSuffix(name, ".jar") && language != Java && language != Scala:
		wrong("JVM")
	}
}

const (
	submitterFile    = "that is a file where spark-submit runs, not in the image"
	submitterFileFix = "put local:// and the whole path before a file in the image, or the scheme of a store"
)

// submitterFile reports whether spark-submit would look for a file on its own
// disk, which in cluster mode works only where there is a place to upload to.
func (j *Job) submitterFile(uri string) bool {
	if j.Conf["spark.kubernetes.file.upload.path"] != "" || j.Base.SparkConf["spark.kubernetes.file.upload.path"] != "" {
		return false
	}
	// What a workflow fills in may well be a scheme.
	return strings.HasPrefix(uri, "file:") || !strings.Contains(uri, ":") && !strings.HasPrefix(uri, filling)
}

func (j *Job) checkDeps(p *millrace.Problems) {
	for _, list := range []struct {
		field   string
		values  []string
		fetched bool
	}{
		{"Jars", j.Deps.Jars, true}, {"Files", j.Deps.Files, true}, {"PyFiles", j.Deps.PyFiles, true}, {"Archives", j.Deps.Archives, true},
		{"Packages", j.Deps.Packages, false}, {"ExcludePackages", j.Deps.ExcludePackages, false}, {"Repositories", j.Deps.Repositories, false},
	} {
		for i, v := range list.values {
			at := fmt.Sprintf("Deps.%s[%d]", list.field, i)
			colons := strings.Count(v, ":")
			switch {
			case v == "" || strings.ContainsAny(v, ", \t\r\n"):
				p.Invalid(at, v, "spark-submit separates them by commas", "write one on each line, without white space")
			case list.field == "Packages" && colons != 2 && v != filling:
				p.Invalid(at, v, "not a Maven coordinate", `write it as "group:artifact:version"`)
			case list.field == "ExcludePackages" && colons != 1 && v != filling:
				p.Invalid(at, v, "not a Maven artifact", `write it as "group:artifact"`)
			case list.fetched && j.submitterFile(v):
				p.Invalid(at, v, submitterFile, submitterFileFix)
			}
		}
	}
	checkPull(p, "Deps.", j.Deps.PullPolicy, j.Deps.PullSecrets)
}

func checkPull(p *millrace.Problems, at string, policy PullPolicy, secrets []string) {
	switch policy {
	case "", PullIfNotPresent, PullAlways, PullNever:
	default:
		p.Invalid(at+"PullPolicy", string(policy), "no pull policy", "use spark.PullIfNotPresent, PullAlways or PullNever")
	}
	for i, s := range secrets {
		p.Name(fmt.Sprintf("%sPullSecrets[%d]", at, i), s)
	}
}
