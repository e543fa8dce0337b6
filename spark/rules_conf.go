package spark

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/secrettext"
)

func checkIgnoredConf(a application, report func(field, detail string)) {
	v := parseVersion(a.SparkVersion)
	for _, key := range slices.Sorted(maps.Keys(a.SparkConf)) {
		why, fix := ignored(key, v)
		switch {
		case key == keyPythonVersion: // spark/python-version says so
		case why != "" && strings.HasPrefix(fix, "did you mean"):
			report(a.confPath(key), why+"; "+fix)
		case why != "":
			report(a.confPath(key), why)
		default:
			if meant := slip(key); meant != "" {
				report(a.confPath(key), "Spark has no such setting, and ignores it without a word; did you mean "+meant+"?")
			}
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

// inSecret are the prefixes of settings that name a secret and hold none.
var inSecret = []string{"spark.kubernetes.driver.secretKeyRef.", "spark.kubernetes.executor.secretKeyRef.", "spark.kubernetes.driver.secrets.", "spark.kubernetes.executor.secrets."}

func checkPlaintextSecret(a application, report func(field, detail string)) {
	found := make(map[string]string)
	setting := func(at, name, value string) {
		if what := secrettext.Setting(name, value); what != "" {
			found[at] = name + " " + what
		}
	}
	options := func(at, value string) {
		secrettext.Args(strings.Fields(value), func(_ int, what string) { found[at] = "it " + what })
	}
	args := func(at string, args []string) {
		secrettext.Args(args, func(i int, what string) { found[fmt.Sprintf("%s[%d]", at, i)] = "it " + what })
	}
	for key, value := range a.SparkConf {
		if slices.ContainsFunc(inSecret, func(prefix string) bool { return strings.HasPrefix(key, prefix) }) {
			continue
		}
		setting(a.confPath(key), key, value)
		if strings.HasSuffix(key, "JavaOptions") {
			options(a.confPath(key), value)
		}
	}
	for key, value := range a.HadoopConf {
		setting(a.path("hadoopConf["+key+"]"), key, value)
	}
	args(a.path("arguments"), a.Arguments)
	options(a.path("driver.javaOptions"), deref(a.Driver.JavaOptions))
	options(a.path("executor.javaOptions"), deref(a.Executor.JavaOptions))
	for _, r := range roles {
		pod := r.pod(a.SparkApplicationSpec)
		for name, value := range pod.EnvVars {
			setting(a.path(string(r), "envVars["+name+"]"), name, value)
		}
		env := func(at string, env []corev1.EnvVar) {
			for i, e := range env {
				setting(fmt.Sprintf("%s[%d].value", at, i), e.Name, e.Value)
			}
		}
		env(a.path(string(r), "env"), pod.Env)
		a.containers(r, func(at string, c *corev1.Container) {
			env(at+".env", c.Env)
			args(at+".command", c.Command)
			args(at+".args", c.Args)
		})
	}
	for _, at := range slices.Sorted(maps.Keys(found)) {
		report(at, found[at])
	}
}
