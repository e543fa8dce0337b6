package spark

import (
	"fmt"
	"maps"
	"slices"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// checkSpec reports what is wrong once Base, fields and defaults are one.
func (j *Job) checkSpec(p *millrace.Problems, s *v1beta2.SparkApplicationSpec) {
	if deref(s.Image) == "" && (deref(s.Driver.Image) == "" || deref(s.Executor.Image) == "") {
		p.Required("Image", `name an image with Spark and the job's code, such as "company-registry/spark-etl:3.5.1"`)
	}
	if deref(s.MainApplicationFile) == "" {
		p.Required("Main", "name the file to run, such as local:///opt/spark/jobs/etl.jar")
	} else if s.Type == "" {
		p.Required("Language", "the extension of Main doesn't tell it: set spark.Java, Scala, Python or R")
	}
	switch s.Type {
	case v1beta2.SparkApplicationTypeJava, v1beta2.SparkApplicationTypeScala:
		if deref(s.MainClass) == "" {
			p.Required("Class", `name the main class, such as "com.company.etl.ExtractOrders"`)
		}
	case v1beta2.SparkApplicationTypePython, v1beta2.SparkApplicationTypeR:
		if deref(s.MainClass) != "" {
			p.Conflict("Class", fmt.Sprintf("a %s job has no main class", s.Type), "leave it out")
		}
	}
	if _, submit := j.Target.(Submit); !submit && s.Mode != "" && s.Mode != v1beta2.DeployModeCluster {
		p.Unsupported("Base.Mode", fmt.Sprintf("%s mode: the operator submits clusters only", quoted(string(s.Mode))), "leave it out")
	}
	j.checkAllocation(p, s)
	j.checkWebhookFields(p, s)
	for _, r := range roles {
		pod := r.pod(s)
		if pod.CoreLimit == nil {
			continue
		}
		limit, err := resource.ParseQuantity(*pod.CoreLimit)
		if err != nil {
			continue
		}
		request := *resource.NewQuantity(int64(deref(pod.Cores)), resource.DecimalSI)
		if own := r.coreRequest(s); own != nil {
			if request, err = resource.ParseQuantity(*own); err != nil {
				continue
			}
		}
		if limit.Cmp(request) < 0 {
			p.Conflict(r.field()+".CoreLimit", fmt.Sprintf("the limit %s is below the request %s, which the API server refuses", *pod.CoreLimit, request.String()),
				"raise CoreLimit, or lower CoreRequest")
		}
	}
	checkSecurity(p, s)
	for _, r := range roles {
		// Sizes of the job's own that are no sizes have been reported.
		if _, err := roleMemory(s, r); err != nil && j.sizesInRange() {
			p.Add(millrace.RuleInvalid, "Base", err.Error(), "write sizes as 512m or 4g, and factors as 0.1")
		}
	}
}

// checkSecurity reports security contexts with which no pod can start: what the
// user asks for against what the defaults fill in beside it.
func checkSecurity(p *millrace.Problems, s *v1beta2.SparkApplicationSpec) {
	for _, r := range roles {
		pod := application{s, ""}.template(r).Spec
		at, where := r.field()+".Security.", "Pod."
		var user *int64
		var nonRoot *bool
		if c := pod.SecurityContext; c != nil {
			user, nonRoot = c.RunAsUser, c.RunAsNonRoot
		}
		for _, c := range pod.Containers {
			own := c.SecurityContext
			if c.Name != r.container() || own == nil {
				continue
			}
			if deref(own.Privileged) && own.AllowPrivilegeEscalation != nil && !*own.AllowPrivilegeEscalation {
				p.Conflict(at+"Container.Privileged", "a privileged container can't refuse privilege escalation", "set AllowPrivilegeEscalation to new(true), or leave Privileged out")
			}
			if own.RunAsUser != nil {
				user, where = own.RunAsUser, "Container."
			}
			if own.RunAsNonRoot != nil {
				nonRoot = own.RunAsNonRoot
			}
		}
		if user != nil && *user == 0 && deref(nonRoot) {
			p.Conflict(at+where+"RunAsUser", "user 0 is root, and RunAsNonRoot is on: the kubelet starts no such container", "set RunAsNonRoot to new(false), or use another user")
		}
	}
}

func (j *Job) sizesInRange() bool {
	for _, b := range []millrace.Bytes{j.Driver.Memory, j.Driver.MemoryOverhead, j.Executor.Memory, j.Executor.MemoryOverhead,
		j.Executor.OffHeap, j.Executor.PythonMemory} {
		if b < 0 || b > maxMemory {
			return false
		}
	}
	return true
}

func (j *Job) checkAllocation(p *millrace.Problems, s *v1beta2.SparkApplicationSpec) {
	a := s.DynamicAllocation
	if a == nil || !a.Enabled {
		return
	}
	const field = "Executor.DynamicAllocation."
	least, start, most := deref(a.MinExecutors), deref(a.InitialExecutors), deref(a.MaxExecutors)
	switch {
	case least < 0 || start < 0 || most < 0:
		p.Invalid(field+"Min", least, "the numbers of executors can't be negative", "use zero or more")
		return
	case most == 0:
		p.Required(field+"Max", "bound the number of executors: Spark's default is no bound")
		return
	case least > most:
		p.Conflict(field+"Min", fmt.Sprintf("%d is more than Max, %d", least, most), "lower Min or raise Max")
	}
	if a.InitialExecutors != nil && (start < least || start > most) {
		p.Conflict(field+"Initial", fmt.Sprintf("%d does not lie between Min, %d, and Max, %d", start, least, most), "bring it between the two")
	}
	survives := a.ShuffleTrackingEnabled == nil || *a.ShuffleTrackingEnabled || remote(j.Shuffle) || application{s, ""}.remoteShuffle() || // nil is on
		s.SparkConf[keyDecommission] == "true" && s.SparkConf[keyBlockMigration] == "true" && s.SparkConf[keyShuffleBlocks] == "true"
	if !survives {
		p.Conflict(field+"ShuffleTracking", "without it, a remote shuffle service or decommissioning, Spark refuses dynamic allocation", "leave it out, or choose another Shuffle")
	}
}

// checkWebhookFields reports what Base says in the fields that only the
// operator's webhook carries to the pods, where the job says it as well.
func (j *Job) checkWebhookFields(p *millrace.Problems, s *v1beta2.SparkApplicationSpec) {
	for _, r := range roles {
		pod, own := r.pod(s), j.pod(r)
		base := "Base." + r.field() + "."
		twice := func(inBase, inJob bool, name, field string) {
			if inBase && inJob {
				p.Conflict(base+name, "the field "+field+" says it as well, in the pod template", "leave one of the two out")
			}
		}
		at, placement := r.field()+".", "Placement."
		if !j.ownPod(r).placement.Empty() {
			placement = at + placement
		}
		twice(len(pod.Tolerations) > 0, len(own.placement.Tolerations) > 0, "Tolerations", placement+"Tolerations")
		twice(pod.Affinity != nil, own.placement.Affinity != nil, "Affinity", placement+"Affinity")
		twice(len(pod.NodeSelector) > 0, len(own.placement.NodeSelector) > 0, "NodeSelector", placement+"NodeSelector")
		twice(r.priorityClass(s) != nil, own.priorityClass != "", "PriorityClassName", at+"PriorityClass")
		twice(pod.PodSecurityContext != nil, own.security.Pod != nil, "PodSecurityContext", at+"Security.Pod")
		twice(pod.SecurityContext != nil, own.security.Container != nil, "SecurityContext", at+"Security.Container")
		twice(pod.TerminationGracePeriodSeconds != nil, own.gracePeriod != 0, "TerminationGracePeriodSeconds", at+"GracePeriod")
		twice(len(pod.Env) > 0, len(own.env) > 0, "Env", at+"Env")
		twice(len(pod.EnvFrom) > 0, len(own.envFrom) > 0, "EnvFrom", at+"EnvFrom")
	}
	for _, key := range slices.Sorted(maps.Keys(s.NodeSelector)) {
		_, driver := j.pod(driverRole).placement.NodeSelector[key]
		_, executor := j.pod(executorRole).placement.NodeSelector[key]
		if driver || executor {
			p.Conflict("Base.NodeSelector["+key+"]", "the placement says it as well, in the pod template", "leave one of the two out")
		}
	}
	if len(s.NodeSelector) > 0 && (len(s.Driver.NodeSelector) > 0 || len(s.Executor.NodeSelector) > 0) {
		p.Conflict("Base.NodeSelector", "the operator refuses it beside the driver's or the executors' own", "use Placement")
	}
	if s.Executor.Lifecycle != nil && s.SparkConf[keyDecommission] == "true" {
		p.Conflict("Base.Executor.Lifecycle", "it replaces the hook by which Spark decommissions executors", "leave it out, or set Shuffle to a remote service")
	}
}

func (j *Job) checkTarget(p *millrace.Problems) {
	j.checkDriverAddress(p)
	switch t := j.Target.(type) {
	case nil, SparkOperator:
	case Submit:
		j.checkSubmit(p, t)
	case ApacheOperator:
		j.checkApache(p, t)
	default:
		p.Invalid("Target", fmt.Sprintf("%T", t), "no target", "use a value of spark.SparkOperator, ApacheOperator or Submit, not a pointer")
	}
}
