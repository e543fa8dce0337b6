package spark

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// reserved are settings that are not a server's to choose, and why.
// Source: Spark operator v2.5.1, internal/controller/sparkconnect/options.go
// and the ports of reconciler.go; apache/spark, sbin/start-connect-server.sh.
var reserved = map[string]string{
	"spark.master":                            "the operator names the API server",
	"spark.submit.deployMode":                 "the server is the driver, and nothing submits it",
	"spark.app.name":                          "Spark's start script names the server",
	"spark.driver.bindAddress":                "the operator sets it after yours",
	"spark.driver.host":                       "the operator sets it after yours",
	"spark.driver.port":                       "the operator sets it after yours",
	"spark.driver.blockManager.port":          "the operator sets it after yours",
	"spark.kubernetes.driver.pod.name":        "the operator sets it after yours",
	"spark.kubernetes.executor.podNamePrefix": "the operator sets it after yours",
	"spark.connect.grpc.binding.port":         "the operator's service leads to 15002",
	"spark.ui.port":                           "the operator's service leads to 4040",
}

func withoutReserved(conf map[string]string) map[string]string {
	out := maps.Clone(conf)
	maps.DeleteFunc(out, func(key, _ string) bool { return reserved[key] != "" })
	return out
}

// check reports what is wrong with what a job doesn't have, or has otherwise.
func (c *ConnectServer) check(p *millrace.Problems) {
	if n := len(c.Name); n > maxConnectName && n <= maxName {
		p.Invalid("Name", c.Name, fmt.Sprintf("%d characters, and the name of its service adds %d of at most %d", n, len(serverSuffix), maxName),
			fmt.Sprintf("use at most %d characters", maxConnectName))
	}
	v := parseVersion(first(c.Version, c.Base.SparkVersion))
	if v.known() && v.atLeast(minVersion) && !v.atLeast(connectSince) {
		p.Unsupported("Version", "Spark "+v.text+" has no Connect server", "use Spark "+connectSince+" or later")
	}
	checkReserved(p, "Conf", c.Conf)
	checkReserved(p, "Base.SparkConf", c.Base.SparkConf)
	if port := c.Observe.UI.Port; port != 0 && port != connectUI {
		p.Conflict("Observe.UI.Port", reserved["spark.ui.port"], "leave it out")
	}
	if c.Executor.PythonMemory != 0 {
		p.Unsupported("Executor.PythonMemory", "Spark limits Python by it, and gives it no room in the pods of a program that isn't Python's", "raise Executor.MemoryOverhead")
	}
	if s := c.Base.Server.Service; s != nil {
		p.LabelName("Base.Server.Service.Name", s.Name)
		if len(s.Spec.Ports) > 0 {
			p.Unsupported("Base.Server.Service.Spec.Ports", "the operator puts its own in their place", "leave them out")
		}
	}
}

func checkReserved(p *millrace.Problems, field string, conf map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(conf)) {
		if why := reserved[key]; why != "" {
			p.Conflict(field+"["+key+"]", why, "leave it out")
		}
	}
}

// asServer writes a job's finding as a server's.
var asServer = strings.NewReplacer(
	"Base.Driver.Image", "Base.Server.Template", "Base.Driver.KubernetesMaster", "Base.Server.Template",
	"Base.Executor.Image", "Base.Executor.Template",
	"Driver.", "Server.", "the job has", "the server has", " and the job's code, such as \"company-registry/spark-etl", ", such as \"company-registry/spark", "the job's", "the server's",
)

// takeOver reports what is wrong with the server as a job.
func (c *ConnectServer) takeOver(p *millrace.Problems, err error) {
	var be *millrace.BuildError
	if !errors.As(err, &be) {
		return
	}
	for _, f := range be.Findings {
		p.Add(f.Rule, asServer.Replace(f.Field), asServer.Replace(f.Detail), asServer.Replace(f.Fix))
	}
}

// said are the server's own settings, without what its other fields add: so
// that those that no shell reads are reported beside other mistakes.
func (c *ConnectServer) said() *v1alpha1.SparkConnectSpec {
	s := &v1alpha1.SparkConnectSpec{SparkVersion: first(c.Version, c.Base.SparkVersion), SparkConf: make(map[string]string), HadoopConf: make(map[string]string)}
	for _, conf := range []map[string]string{withoutReserved(c.Base.SparkConf), withoutReserved(c.Conf)} {
		maps.Copy(s.SparkConf, conf)
	}
	for _, conf := range []map[string]string{c.Base.HadoopConf, c.HadoopConf} {
		maps.Copy(s.HadoopConf, conf)
	}
	return s
}

// shell is what a shell takes apart, or fills in, where it is not quoted.
const shell = " \t\r\n\"'`$\\;&|<>()"

// checkShell reports settings that don't survive the line by which the server
// is started.
func (c *ConnectServer) checkShell(p *millrace.Problems, s *v1alpha1.SparkConnectSpec) {
	check := func(field, value, fix string) {
		if strings.ContainsAny(value, shell) || strings.Contains(value, "{") && strings.Contains(value, ",") {
			p.Unsupported(field, "the operator writes it into a line of shell without quotes, and "+quoted(value)+" doesn't survive it", fix)
		}
	}
	// A default that doesn't survive is left to Hadoop.
	defaults := c.job().settings(parseVersion(s.SparkVersion)).defaults
	maps.DeleteFunc(s.HadoopConf, func(key, value string) bool {
		_, own := c.HadoopConf[key]
		_, base := c.Base.HadoopConf[key]
		return !own && !base && defaults["spark.hadoop."+key] == value && strings.ContainsAny(value, shell)
	})
	check("Image", deref(s.Image), "use an image without such characters")
	own := c.job().settings(parseVersion(s.SparkVersion)).own
	for _, key := range slices.Sorted(maps.Keys(s.SparkConf)) {
		field, fix := "Conf["+key+"]", "put it into the image's conf/spark-defaults.conf"
		if _, base := c.Base.SparkConf[key]; base {
			field = "Base.SparkConf[" + key + "]"
		} else if governing, ok := governor(key); ok {
			field = asServer.Replace(governing)
		} else if set, ok := own[key]; ok {
			field = set.field
		}
		if strings.HasSuffix(key, ".extraJavaOptions") {
			fix = "use one option, or the variable JDK_JAVA_OPTIONS in Env"
		}
		check(field, key+"="+s.SparkConf[key], fix)
	}
	for _, key := range slices.Sorted(maps.Keys(s.HadoopConf)) {
		check("HadoopConf["+key+"]", key+"="+s.HadoopConf[key], "put it into a core-site.xml of the image")
	}
}

// checkTaken reports what a SparkConnect has no way to say.
func (c *ConnectServer) checkTaken(p *millrace.Problems, rest *v1beta2.SparkApplicationSpec) {
	for _, at := range leftover(reflect.ValueOf(*rest), "Base") {
		p.Unsupported(asServer.Replace(at), "a SparkConnect has no field for it", "leave it out")
	}
}

func zero(v, nothing any) bool { return reflect.DeepEqual(v, nothing) }

// orNil returns a template unless there is nothing in it.
func orNil(t *corev1.PodTemplateSpec) *corev1.PodTemplateSpec {
	if zero(*t, corev1.PodTemplateSpec{}) {
		return nil
	}
	return t
}
