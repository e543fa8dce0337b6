package workflow

import (
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
)

// Template is a pipeline: a DAG of tasks, with the parameters that each run
// gives it. It makes one WorkflowTemplate (argoproj.io/v1alpha1) that Argo
// Workflows 3.6 to 4.1 accept alike.
//
// Runs of it are made by Run, by "argo submit --from", or by a schedule.
type Template struct {
	// Name is the name of the WorkflowTemplate: a DNS label of at most 52
	// characters, so that the names of its runs, which append to it, still fit a
	// label. Required.
	//
	// Rendered as metadata.name.
	Name string
	// Namespace is where the template, its runs and everything that their
	// tasks create live: an owner in another namespace would have Kubernetes
	// delete the objects at once. Empty leaves it to the context that applies
	// the manifest.
	//
	// Rendered as metadata.namespace.
	Namespace string
	// Labels and Annotations go to the WorkflowTemplate. Nil means none.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string
	// ClusterWide makes it a ClusterWorkflowTemplate, which has no namespace: its
	// runs live where they are made. False makes a WorkflowTemplate.
	//
	// Rendered as kind: ClusterWorkflowTemplate.
	ClusterWide bool
	// Plain leaves out every default of millrace's, those of a Cron among them:
	// what is rendered is what is said. It is for manifests that have to equal
	// existing ones. Tasks that use what another one puts out wait for it by
	// After or Depends, or by way of others; where they don't, that is still
	// added. False fills in the defaults.
	Plain bool

	// ServiceAccount is the identity of the pods that Argo starts; doc.go
	// lists what it must be allowed. Required, and never "default", whose
	// rights every pod of the namespace shares; but not in Plain templates, which
	// may leave it out.
	//
	// Rendered as spec.serviceAccountName.
	ServiceAccount string
	// Parallelism is how many pods of one run may exist at a time. Zero means
	// as many as the DAG allows.
	//
	// Rendered as spec.parallelism.
	Parallelism int
	// Parameters is what a run is given, at most 500. Tasks refer to them with
	// Ref. Nil means none.
	//
	// Rendered as spec.arguments.parameters.
	Parameters []Parameter
	// Tasks is the DAG, 1 to 200 tasks. Their order here is only the order in the
	// manifest; Task.After says which waits for which. Required, unless Entrypoint
	// or Definitions are set.
	//
	// Rendered as the template "main", and one template a task.
	Tasks []*Task
	// Entrypoint is what a run does in the place of Tasks. Nil starts the Tasks.
	//
	// Rendered as a template, and spec.entrypoint.
	Entrypoint *Definition
	// Definitions are further templates, for others to refer to. Those that tasks
	// use need not be listed. Nil means none.
	//
	// Rendered as spec.templates.
	Definitions []*Definition
	// OnExit is what happens at the end of a run, however it ended. A Definition
	// is given the parameters of the run, by the names of its inputs. Nil means
	// nothing but the deletion of what a failed run created.
	//
	// Rendered as a template, and spec.onExit.
	OnExit Step
	// Hooks is what else happens when a run reaches a state, by name. Nil means
	// nothing.
	//
	// Rendered as spec.hooks.
	Hooks map[string]Hook

	// Deadline is how long a run may take in all, waiting included. What it
	// created is deleted when the time is over.
	//
	// Zero means 24 hours. Whole seconds.
	//
	// Rendered as spec.activeDeadlineSeconds.
	// Source: Argo Workflows, cost-optimisation ("limit the total time").
	Deadline time.Duration
	// TTL is how long finished runs are kept, and with them everything that they
	// created. Zero means one day, and seven for failed ones.
	//
	// Rendered as spec.ttlStrategy.
	TTL TTL
	// Retry is what happens when a pod is lost. Zero means two new pods.
	//
	// Rendered as retryStrategy of the templates.
	Retry Retry
	// KeepFailed leaves what a failed or stopped run created in the cluster,
	// until TTL.Failure is over: failed drivers keep their logs, and running
	// ones go on.
	//
	// False means that they are deleted as soon as the run has ended badly.
	// "argo retry" only then starts failed jobs anew: where they are still
	// there, it finds that they have failed.
	//
	// Rendered as the absence of the exit handler "clean-up".
	KeepFailed bool

	// PriorityClass is the PriorityClass of the pods that Argo starts. Empty means
	// the cluster's default.
	//
	// Rendered as spec.podPriorityClassName.
	PriorityClass string
	// Placement says where the pods run that Argo starts. The pods of a custom
	// resource are placed by that resource itself. The zero one lets them run on
	// any node.
	//
	// Rendered as spec.nodeSelector, spec.tolerations, spec.affinity, and
	// metadata.annotations of the tasks' templates. The eviction guards are
	// always there.
	Placement millrace.Placement
	// Settings is how Argo runs the workflow as a whole.
	Settings RunSettings
	// Pods is what the pods of a run get.
	Pods RunPods

	// Base holds what has no field of its own here. Its templates and DAG
	// tasks are joined with the rendered ones by name, so that a template of
	// the name of a task reaches every field of that task's template. What
	// both set is a mistake.
	//
	// Base.OnExit names what else should happen at the end of a run, such as a
	// message: a template of Base.Templates. It runs beside the deletion of
	// what a failed run created.
	Base wfv1.WorkflowSpec
}

// Parameter is a value that each run is given.
type Parameter struct {
	// Name is the parameter's name: letters, digits, '-' and '_'. Required.
	//
	// Rendered as spec.arguments.parameters[].name.
	Name string
	// Default is the value for runs that give none. Nil means that every run
	// has to give one, unless From does.
	//
	// Rendered as spec.arguments.parameters[].value; beside From as
	// valueFrom.default, for a key that is not there.
	Default *string
	// From is a value in a ConfigMap of the run's namespace, for runs that give
	// none. Zero means none.
	//
	// Rendered as spec.arguments.parameters[].valueFrom.configMapKeyRef.
	From ConfigMapKey
	// Enum lists the values that are allowed. Empty allows all. Run checks it,
	// and so do Argo's command line and user interface; the cluster itself
	// does not.
	//
	// Rendered as spec.arguments.parameters[].enum.
	Enum []string
	// Description is shown by Argo's user interface. Empty means none.
	//
	// Rendered as spec.arguments.parameters[].description.
	Description string
}

// Ref returns the reference by which the jobs of a task take the parameter's
// value: "--date=" + date.Ref(). It may stand in any text of the job.
//
// The value never enters a manifest as text: it is encoded as a JSON string
// when the run starts, so that no value can add to the manifest or have Argo
// evaluate it.
func (p Parameter) Ref() string {
	return "{{" + parameterPrefix + p.Name + "}}"
}

// TTL is how long finished runs are kept. They are deleted with everything
// that they own: the resources of their tasks, and the pods of those.
//
// Source: Argo Workflows, cost-optimisation and running-at-massive-scale.
type TTL struct {
	// Success is for runs that succeeded. Zero means one day; whole seconds.
	//
	// Rendered as spec.ttlStrategy.secondsAfterSuccess.
	Success time.Duration
	// Failure is for runs that failed, were stopped, or broke. Zero means
	// seven days; whole seconds.
	//
	// Rendered as spec.ttlStrategy.secondsAfterFailure, and as
	// secondsAfterCompletion: a run in phase Error counts as neither failed
	// nor succeeded, and only the latter deletes it.
	Failure time.Duration
}

// Retry is what happens when a pod of a run is lost: its node was drained or
// preempted, it was evicted or deleted.
//
// A task with a custom resource then waits on with a new pod: applying the
// resource again changes nothing. A resource that failed is never run again.
// Deleting what a failed run created is retried by the defaults in any case.
//
// Rendered as retryStrategy of every template that runs in a pod.
type Retry struct {
	// Limit is how many new pods a task may get. Nil means 2; new(0) means
	// none.
	//
	// Rendered as limit.
	// Source: Argo Workflows, retries: without a limit it retries for ever.
	Limit *int
	// Backoff is the time before the first new pod; it doubles each time.
	// Zero means 30 seconds; whole seconds.
	//
	// Rendered as backoff.duration.
	Backoff time.Duration
	// Factor is by how much Backoff grows each time. Zero means 2; 1 keeps it.
	//
	// Rendered as backoff.factor.
	Factor int
	// MaxBackoff is the longest time between two pods, where Limit is high.
	// Zero means no bound; whole seconds. Argo 3.7 and later: older ones go on
	// doubling.
	//
	// Rendered as backoff.cap.
	MaxBackoff time.Duration
	// MaxDuration is how long after the start of the first pod a new one may
	// still start; it is also the deadline of those that come after. It has to
	// be longer than a pod takes, or none is ever tried again. Zero means no
	// bound; whole seconds.
	//
	// Rendered as backoff.maxDuration.
	MaxDuration time.Duration
	// Failures has Argo also run containers again that ended with an error of
	// their own. It goes with tasks that may run twice.
	//
	// False means that only lost pods are replaced.
	//
	// Rendered as expression.
	Failures bool
	// When is the condition on which it is tried again, in the place of the one
	// for lost pods and Failures: LastRetryExitCode.Equal("75"). Of the variables
	// it knows Retries and those that begin with LastRetry. The zero Expression
	// leaves those in place.
	//
	// Rendered as expression.
	When Expression
	// Policy is which ends are tried again, in the place of When and the one
	// for lost pods. Empty means those, of all ends.
	//
	// Rendered as retryPolicy, "Always" where it is empty.
	Policy RetryPolicy
	// OtherNode keeps a new pod off the nodes where the ones before it failed.
	// False lets it go anywhere.
	//
	// Rendered as affinity.nodeAntiAffinity.
	OtherNode bool
}

// RetryPolicy is which ends of a pod Argo tries again.
type RetryPolicy string

// The policies.
const (
	// RetryAlways: after every bad end.
	RetryAlways RetryPolicy = "Always"
	// RetryOnFailure: after an error of the container's own. A pod that was
	// deleted is none, and is not replaced.
	RetryOnFailure RetryPolicy = "OnFailure"
	// RetryOnError: after an error of Argo's, a deleted pod among them. A pod
	// that the kubelet evicted counts as a failure, and is not replaced.
	RetryOnError RetryPolicy = "OnError"
	// RetryOnTransientError: after errors that Argo knows to pass.
	RetryOnTransientError RetryPolicy = "OnTransientError"
)
