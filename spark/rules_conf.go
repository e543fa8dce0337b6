package spark

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

func checkIgnoredConf(a application, report func(field, detail string)) {
	v := parseVersion(a.SparkVersion)
	for _, key := range slices.Sorted(maps.Keys(a.SparkConf)) {
		why, fix := ignored(key, v)
		switch {
		case why != "" && strings.HasPrefix(fix, "did you mean"):
			report(a.confPath(key), why+"; "+fix)
		case why != "":
			report(a.confPath(key), why)
		case key == keyServiceEnabled && a.SparkConf[key] == "true":
			report(a.confPath(key), "Kubernetes has no external shuffle service; Celeborn and Uniffle stand in for it")
		}
	}
}

func checkAllocationBound(a application, report func(field, detail string)) {
	const bound = "spark.dynamicAllocation.maxExecutors"
	d, at := a.DynamicAllocation, a.confPath(bound)
	on := a.SparkConf["spark.dynamicAllocation.enabled"] == "true"
	if d != nil && d.Enabled {
		on, at = true, a.path("dynamicAllocation", "maxExecutors")
	}
	if on && (d == nil || d.MaxExecutors == nil) && a.SparkConf[bound] == "" {
		report(at, "it is not set, and Spark asks for as many executors as there are tasks")
	}
}

// secretName matches the last part of the names of settings and environment
// variables that hold secrets, in lower case and with dots for '_' and '-'.
var secretName = regexp.MustCompile(`(secret\.?key|secret\.access\.key|session\.token|password|client\.secret(\..+)?|account\.key(\..+)?|private\.key|oauthtoken)$`)

// dots writes names as secretName expects them.
var dots = strings.NewReplacer("_", ".", "-", ".")

// namesSecret matches secretName. Few names have one of the words that it
// needs, so they are looked for first: the expression took a third of a check.
func namesSecret(name string) bool {
	name = lower(name)
	for _, word := range [...]string{"secret", "token", "password", "key"} {
		if strings.Contains(name, word) {
			return secretName.MatchString(dots.Replace(name))
		}
	}
	return false
}

func checkPlaintextSecret(a application, report func(field, detail string)) {
	found := make(map[string]string)
	look := func(at, name, value string) {
		// What is filled in later is no secret yet.
		if value != "" && !strings.Contains(value, "{{") && !strings.Contains(value, "${") && namesSecret(name) {
			found[at] = name
		}
	}
	for key, value := range a.SparkConf {
		look(a.confPath(key), key, value)
	}
	for key, value := range a.HadoopConf {
		look(a.path("hadoopConf["+key+"]"), key, value)
	}
	for at, e := range a.plainEnv() {
		look(at, e.Name, e.Value)
	}
	for _, at := range slices.Sorted(maps.Keys(found)) {
		report(at, found[at]+" is written out")
	}
}
