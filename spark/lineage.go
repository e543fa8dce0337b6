package spark

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/millrace/millrace"
)

// OpenLineage tells a lineage server (Marquez, DataHub, OpenMetadata) which
// data the job made of which, by a listener in the driver.
//
// The listener's jar is the image's or Deps.Packages':
// "io.openlineage:openlineage-spark_2.12:1.32.0", with _2.13 for images with
// Scala 2.13, which are all those of Spark 4. Listeners that Conf names in
// spark.extraListeners stay.
//
// Zero has no lineage.
// Source: OpenLineage, Spark integration.
type OpenLineage struct {
	// URL of the server: "http://marquez.lineage:5000".
	//
	// Required where another field is set.
	//
	// Rendered as spark.openlineage.transport.url in spec.sparkConf, beside
	// spark.openlineage.transport.type and spark.extraListeners.
	URL string
	// Endpoint is the path at the server.
	//
	// Zero means /api/v1/lineage, which is the listener's default.
	//
	// Rendered as spark.openlineage.transport.endpoint in spec.sparkConf.
	Endpoint string
	// APIKey is what the server knows the job by.
	//
	// Zero sends none. OpenLineage 1.32 reads it from where it is rendered,
	// 1.20 doesn't yet.
	//
	// Rendered as the variables OPENLINEAGE__TRANSPORT__AUTH__API_KEY,
	// __AUTH__TYPE and __TYPE in spec.driver.template, the first one from the
	// secret.
	APIKey SecretKey
	// Namespace is in which the server lists the job.
	//
	// Zero means "default", which is the listener's default.
	//
	// Rendered as spark.openlineage.namespace in spec.sparkConf.
	Namespace string
	// JobName is what the server calls the job.
	//
	// Zero is the application's name.
	//
	// Rendered as spark.openlineage.appName in spec.sparkConf.
	JobName string
	// Parent is the run that the job is a part of.
	Parent LineageParent
}

// LineageParent is the run that a job is a part of, such as a workflow's. All
// fields are set, or none: zero is a run of its own.
type LineageParent struct {
	// Namespace of the parent's job. Required with the others, rendered as
	// spark.openlineage.parentJobNamespace.
	Namespace string
	// Name of the parent's job. Required with the others, rendered as
	// spark.openlineage.parentJobName.
	Name string
	// RunID is a UUID: "{{workflow.uid}}" in a workflow's task. Required with
	// the others, rendered as spark.openlineage.parentRunId.
	RunID string
}

const (
	lineageListener = "io.openlineage.spark.agent.OpenLineageSparkListener"
	lineageKeys     = "spark.openlineage."
	lineageAuth     = "OPENLINEAGE__TRANSPORT__AUTH__"
	lineageType     = "OPENLINEAGE__TRANSPORT__TYPE"
	keyListeners    = "spark.extraListeners"
)

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func (l OpenLineage) check(c partCheck) {
	if l == (OpenLineage{}) {
		return
	}
	if l.URL == "" {
		c.Required(c.field("URL"), "name the server, such as http://marquez.lineage:5000")
	} else if l.URL != filling {
		checkHTTP(c.Problems, c.field("URL"), l.URL, "http://marquez.lineage:5000")
	}
	c.text("Endpoint", l.Endpoint, "/api/v1/lineage")
	if l.APIKey != (SecretKey{}) {
		c.secret("APIKey", "Name", l.APIKey)
	}
	if p := l.Parent; p != (LineageParent{}) {
		for _, part := range []struct{ field, value string }{{"Namespace", p.Namespace}, {"Name", p.Name}, {"RunID", p.RunID}} {
			if part.value == "" {
				c.Required(c.field("Parent."+part.field), "a parent has a Namespace, a Name and a RunID")
			}
		}
		if p.RunID != "" && p.RunID != filling && !uuid.MatchString(p.RunID) {
			c.Invalid(c.field("Parent.RunID"), p.RunID, "not a UUID, and the server refuses it", "use {{workflow.uid}} in a workflow's task")
		}
	}
	for i, pkg := range c.job.Deps.Packages {
		at := fmt.Sprintf("Deps.Packages[%d]", i)
		switch {
		case strings.HasPrefix(pkg, "io.openlineage:openlineage-spark:"):
			c.Unsupported(at, "without a Scala version in its name it is from before OpenLineage 1.9", "use io.openlineage:openlineage-spark_2.12 or _2.13")
		case strings.HasPrefix(pkg, "io.openlineage:openlineage-spark_2.12:") && c.version.atLeast("4.0"):
			c.Conflict(at, "it is for Scala 2.12, and Spark "+c.version.String()+" has 2.13", "use io.openlineage:openlineage-spark_2.13")
		}
	}
}

// checkHTTP asks for the URL of a server.
func checkHTTP(p *millrace.Problems, field, value, example string) {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsAny(value, " \t\r\n,"):
		p.Invalid(field, value, "not the URL of a server", "write it as "+example)
	case u.User != nil:
		p.Invalid(field, u.Redacted(), "it holds a password for everybody to read", "leave it out")
	}
}

func (l OpenLineage) settings(s *settings) {
	if l == (OpenLineage{}) {
		return
	}
	s.add(keyListeners, lineageListener)
	s.set("URL", lineageKeys+"transport.type", "http")
	s.set("URL", lineageKeys+"transport.url", l.URL)
	s.text("Endpoint", lineageKeys+"transport.endpoint", l.Endpoint)
	s.text("Namespace", lineageKeys+"namespace", l.Namespace)
	s.text("JobName", lineageKeys+"appName", l.JobName)
	s.text("Parent.Namespace", lineageKeys+"parentJobNamespace", l.Parent.Namespace)
	s.text("Parent.Name", lineageKeys+"parentJobName", l.Parent.Name)
	s.text("Parent.RunID", lineageKeys+"parentRunId", l.Parent.RunID)
}

func (l OpenLineage) pod(r role, pod *podParts) {
	if r != driverRole || l.APIKey == (SecretKey{}) {
		return
	}
	// The listener takes what the settings say into what it reads here, but
	// can't read a half of a transport: the types have to be here too.
	pod.variable(lineageType, "http")
	pod.variable(lineageAuth+"TYPE", "api_key")
	pod.secretEnv(lineageAuth+"API_KEY", l.APIKey)
}
