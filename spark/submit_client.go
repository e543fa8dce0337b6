package spark

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
)

const (
	keyWait      = "spark.kubernetes.submission.waitAppCompletion"
	keyDriverPod = "spark.kubernetes.driver.pod.name"
)

func (t Submit) mode() Mode {
	if t.Mode == "" {
		return ClusterMode
	}
	return t.Mode
}

func (t Submit) client() bool { return t.Mode == ClientMode }

// settings says what the target's own fields mean.
func (t Submit) settings(s *settings) {
	if t.NoWait {
		s.set("NoWait", keyWait, "false")
	}
	d := t.Driver
	if d.Host != "" {
		s.set("Driver.Host", "spark.driver.host", d.Host)
		// The name of a Service needn't lead to this pod while it starts.
		s.fallback("spark.driver.bindAddress", "0.0.0.0")
	}
	if d.Port != 0 {
		s.set("Driver.Port", "spark.driver.port", strconv.Itoa(int(d.Port)))
	}
	if d.BlockManagerPort != 0 {
		s.set("Driver.BlockManagerPort", "spark.driver.blockManager.port", strconv.Itoa(int(d.BlockManagerPort)))
	}
	if d.Pod != "" {
		s.set("Driver.Pod", keyDriverPod, d.Pod)
	}
}

// checkMode reports what doesn't go with where the driver runs.
func (j *Job) checkMode(p *millrace.Problems, t Submit) {
	if mode := Mode(j.Base.Mode); mode != "" && mode != t.mode() {
		p.Conflict("Base.Mode", fmt.Sprintf("the target says %q", t.mode()), "leave Base.Mode out, and set Target.Mode")
	}
	switch t.mode() {
	case ClusterMode:
		if t.Driver != (ClientDriver{}) {
			p.Unsupported("Target.Driver", "Spark makes the driver's pod and its Service itself, and names them", "leave it out, or set Mode to spark.ClientMode")
		}
	case ClientMode:
		j.checkClient(p, t)
	default:
		p.Invalid("Target.Mode", string(t.Mode), "no mode", "use spark.ClusterMode or spark.ClientMode")
	}
}

// reportDriver reports a field about a driver's pod that nothing makes.
func reportDriver(p *millrace.Problems, at string) {
	fix := "leave it out, and give it to the pod that spark-submit runs in"
	switch at[strings.LastIndex(at, ".")+1:] {
	case "ServiceAccount":
		fix = "leave it out: the driver has the rights of the pod that spark-submit runs in; the executors' account is Executor.ServiceAccount"
	case "Env", "EnvVars":
		fix = "leave it out, and set it where spark-submit runs"
	}
	p.Unsupported(at, "in client mode Spark makes no pod for the driver", fix)
}

// checkClient reports what the job says of a driver's pod that nothing makes.
func (j *Job) checkClient(p *millrace.Problems, t Submit) {
	if t.NoWait {
		p.Unsupported("Target.NoWait", "in client mode spark-submit is the driver, and ends with the job", "leave it out, or set Mode to spark.ClusterMode")
	}
	d := t.Driver
	if d.Host != "" && len(validation.IsDNS1123Subdomain(d.Host)) > 0 && len(validation.IsValidIP(nil, d.Host)) > 0 {
		p.Invalid("Target.Driver.Host", d.Host, "neither a host name nor an address", "write it as spark-driver.data-platform.svc or 10.0.0.7, without a port")
	}
	checkPort(p, "Target.Driver.Port", d.Port)
	checkPort(p, "Target.Driver.BlockManagerPort", d.BlockManagerPort)
	if d.Port != 0 && d.Port == d.BlockManagerPort {
		p.Conflict("Target.Driver.BlockManagerPort", "Port is the same", "use two ports")
	}
	if d.Pod != "" {
		p.Name("Target.Driver.Pod", d.Pod)
		if j.Base.Driver.PodName != nil {
			p.Conflict("Base.Driver.PodName", "Target.Driver.Pod says it as well", "leave one of the two out")
		}
	}
	own := j.Driver
	own.Memory, own.JavaOptions = 0, ""
	for _, at := range leftover(reflect.ValueOf(own), "Driver") {
		reportDriver(p, at)
	}
	if _, volcano := j.Scheduler.(Volcano); volcano {
		p.Unsupported("Scheduler", "Spark makes Volcano's pod group beside the driver's pod, and there is none in client mode", "use another scheduler, or spark.ClusterMode")
	}
	for _, part := range j.parts() {
		var pod podParts
		if strings.HasPrefix(part.at, "Driver.") {
			continue // it has been reported
		}
		if part.pod(driverRole, &pod); len(pod.envFrom)+len(pod.volumes) > 0 {
			p.Unsupported(part.at, "it needs a volume in the driver's pod, which Spark doesn't make in client mode", "use another way, or spark.ClusterMode")
		}
	}
}

// partsOf returns what the parts of the job need in the pods of a role.
func (j *Job) partsOf(r role) (pod podParts) {
	for _, part := range j.parts() {
		part.pod(r, &pod)
	}
	return pod
}

func checkPort(p *millrace.Problems, field string, port int32) {
	if port != 0 && (port < 1024 || port > 65535) {
		p.Invalid(field, port, "not a port that Spark may listen on", "use 1024 to 65535")
	}
}

// clientDriver returns what remains of the driver without its pod.
func clientDriver(d *v1beta2.DriverSpec) v1beta2.DriverSpec {
	out := v1beta2.DriverSpec{JavaOptions: d.JavaOptions, PodName: d.PodName}
	out.Memory = d.Memory
	return out
}

// reportClient reports what Base says of a driver's pod that nothing makes.
func reportClient(p *millrace.Problems, base *v1beta2.DriverSpec) {
	base.Memory, base.JavaOptions, base.PodName = nil, nil, nil
	for _, at := range leftover(reflect.ValueOf(*base), "Base.Driver") {
		reportDriver(p, at)
	}
}
