package spark

import (
	"fmt"
	"strings"
	"unicode"

	corev1 "k8s.io/api/core/v1"
)

// script writes the shell script, one option a line.
func (s *Submission) script() []byte {
	var b strings.Builder
	waits := s.Mode == ClusterMode && s.Conf[keyWait] != "false"
	fmt.Fprintf(&b, "#!/bin/sh\n# Submits the Spark job %s to Kubernetes%s\n", s.Name, s.ending(waits))
	b.WriteString("# What follows on the command line goes to the job, after its own arguments.\nset -eu\n")
	if !s.plain() {
		b.WriteString("export LC_ALL=C.UTF-8 # in which Java reads its arguments\n")
	}
	// Spark reads the paths of templates as URLs.
	b.WriteString("here=$(CDPATH= cd -- \"$(dirname -- \"$0\")\" && pwd | sed 's/%/%25/g; s/ /%20/g; s/#/%23/g; s/?/%3F/g')\n")
	for _, e := range s.Env {
		b.WriteString(variable(e))
	}
	const program = `"${SPARK_HOME:+$SPARK_HOME/bin/}spark-submit"`
	if !waits {
		b.WriteString("exec " + program + " \\\n")
		s.writeArguments(&b)
		b.WriteString("\n")
		return []byte(b.String())
	}
	b.WriteString("{ " + program + " \\\n")
	s.writeArguments(&b)
	b.WriteString(" 2>&1 ||\n  printf '\\n" + ended + "%s\\n' \"$?\"\n}" + watch)
	return []byte(b.String())
}

// variable sets a variable of the driver's, or sees to it that it is set.
func variable(e corev1.EnvVar) string {
	if e.ValueFrom == nil {
		return "export " + e.Name + "=" + shellQuote(e.Value) + "\n"
	}
	from := "a value"
	if ref := e.ValueFrom.SecretKeyRef; ref != nil {
		from = "the key " + ref.Key + " of the secret " + ref.Name
	}
	return ": \"${" + e.Name + ":?set it to " + from + "}\"\n"
}

// plain reports whether the arguments are the same in every encoding.
func (s *Submission) plain() bool {
	for _, argument := range s.Arguments(TemplateFiles{}) {
		if strings.ContainsFunc(argument, func(r rune) bool { return r > unicode.MaxASCII }) {
			return false
		}
	}
	return true
}

// ending says what the script's end means.
func (s *Submission) ending(waits bool) string {
	switch {
	case s.Mode == ClientMode:
		return ", runs its\n# driver here, and ends with the driver's exit code."
	case waits:
		return ", waits for\n# its end, and ends with the driver's exit code, which spark-submit only logs."
	}
	return ", and ends\n# when the driver's pod is there, whatever becomes of it."
}

// writeArguments writes one line for each option.
func (s *Submission) writeArguments(b *strings.Builder) {
	const here = "$here/"
	for _, line := range s.lines(TemplateFiles{here + s.file("driver"), here + s.file("executor"), here + s.file(podGroupSuffix)}) {
		b.WriteString(" ")
		for _, w := range line {
			if w.expanded {
				// Names of jobs are DNS labels.
				b.WriteString(` "` + w.text + `"`)
				continue
			}
			b.WriteString(" " + shellQuote(w.text))
		}
		b.WriteString(" \\\n")
	}
	b.WriteString(`  "$@"`)
}

// ended starts the line by which the script hears that spark-submit itself
// failed.
const ended = "spark-submit ended with exit code "

// watch hands on what spark-submit logs, and reads off it how the driver
// ended: spark-submit ends with 0 once the driver has ended, no matter how
// (SPARK-26365, open in 4.1).
// Source: apache/spark, LoggingPodStatusWatcher, KubernetesUtils.containersDescription.
const watch = ` | {
  own= driver= phase= container=
  while IFS= read -r line; do
    printf '%s\n' "$line" >&2
    case $line in
    "` + ended + `"*) own=${line##* } ;;
    *'container name: '*) container=${line##* } ;;
    *'exit code: '*) [ "$container" != spark-kubernetes-driver ] || driver=${line##* } ;;
    *'phase: Succeeded'*) phase=0 ;;
    *'phase: Failed'*) phase=1 ;;
    esac
  done
  code=${own:-${driver:-$phase}}
  if [ -z "$code" ]; then
    echo "The log doesn't say how the driver ended. It does at the level info of org.apache.spark.deploy.k8s." >&2
    code=1
  fi
  exit "$code"
}
`
