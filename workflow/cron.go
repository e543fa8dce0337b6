package workflow

import (
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
)

// ScheduledTime is the time for which a Cron started a run, in RFC 3339 and in
// the time zone of the Cron. It is right also when the controller was late, and
// a Run takes it from its Scheduled.
//
// It belongs into the texts of a template: "--date=" + ScheduledTime.Ref(). As
// the value of an argument it would not be evaluated, like no reference is that
// stands in a value. Runs that have no such time fail: those of "argo submit
// --from" without --scheduled-time.
const ScheduledTime Variable = "workflow.scheduledTime"

// The variables of Cron.When and Cron.Stop, which no run has.
const (
	// CronSucceeded and CronFailed are how many runs have ended well, and how
	// many in any other way, or could not be made.
	CronSucceeded Variable = "cronworkflow.succeeded"
	CronFailed    Variable = "cronworkflow.failed"
	// CronLast is the time for which the last run was started, as a time of
	// the expression language, or nil: it goes into expressions only.
	CronLast Variable = "cronworkflow.lastScheduledTime"
)

// Concurrency is what happens when a run is due while another one still runs.
type Concurrency string

// The ways to deal with runs that are due at a time.
const (
	// ForbidConcurrent leaves out the new one.
	ForbidConcurrent Concurrency = "Forbid"
	// ReplaceConcurrent terminates the old one. That skips its exit handler: what it
	// created runs on until the run itself is deleted, after TTL.Failure.
	ReplaceConcurrent Concurrency = "Replace"
	// AllowConcurrent has both run side by side.
	AllowConcurrent Concurrency = "Allow"
)

// Cron starts runs of a template by the clock. It makes one CronWorkflow
// (argoproj.io/v1alpha1) that Argo Workflows 3.6 to 4.1 accept alike.
//
// Exactly one of Template and From says what runs.
type Cron struct {
	// Name is the name of the CronWorkflow: a DNS label of at most 52 characters,
	// to which its runs append the time. Required.
	//
	// Rendered as metadata.name.
	Name string
	// Namespace is where it lives, and its runs. Empty means that of Template;
	// where that is ClusterWide, or From is set, it leaves it to the context
	// that applies the manifest.
	//
	// Rendered as metadata.namespace.
	Namespace string
	// Labels and Annotations go to the CronWorkflow, RunLabels and
	// RunAnnotations to its runs.
	//
	// The latter are rendered as spec.workflowMetadata.
	Labels, Annotations       map[string]string
	RunLabels, RunAnnotations map[string]string

	// Template is what runs. It is composed beside the Cron, or is in the cluster
	// already. Nil where From is set. Where it is Plain, so is the Cron: what is
	// not said is left to Argo.
	//
	// Rendered as spec.workflowSpec.workflowTemplateRef.
	Template *Template
	// From is a template that is in the cluster and not composed here. Its
	// Template is the one of its templates where runs start; empty means its
	// own entrypoint.
	//
	// Rendered as spec.workflowSpec.workflowTemplateRef and entrypoint.
	From TemplateRef
	// Inline has the CronWorkflow hold all of Template itself. False refers to it.
	//
	// Rendered as spec.workflowSpec.
	Inline bool
	// Arguments are the values of the template's parameters, the same for
	// every run. Those that have a default may be left out. What a run does
	// with its time it takes from ScheduledTime.
	//
	// Rendered as spec.workflowSpec.arguments.parameters.
	Arguments map[string]string
	// Artifacts are where the files lie that each run is given. Nil means none.
	//
	// Rendered as spec.workflowSpec.arguments.artifacts.
	Artifacts map[string]Location

	// Schedules are when runs start: cron expressions of five fields, "@daily"
	// and its like, or "@every 6h". A run starts when any of them says so. At
	// least one.
	//
	// Rendered as spec.schedules. Names of days and months are written as
	// numbers there: the CRD of Argo 4.0 refuses names.
	Schedules []string
	// TimeZone is where the clock hangs: "Europe/Berlin". In zones with
	// daylight saving, times between 0:00 and 3:00 come twice, or not at all,
	// on one day of the year each.
	//
	// Empty means Etc/UTC; Argo itself would take the zone of its controller.
	//
	// Rendered as spec.timezone.
	TimeZone string
	// Concurrency is what happens when a run is due while another still runs.
	// Empty means ForbidConcurrent.
	//
	// Rendered as spec.concurrencyPolicy.
	Concurrency Concurrency
	// StartingDeadline is how late a run may start that was due while the
	// controller was away. Of several that were missed only the last is made up
	// for.
	//
	// Zero means one hour; whole seconds. Base.StartingDeadlineSeconds can be 0,
	// which makes up for none.
	//
	// Rendered as spec.startingDeadlineSeconds.
	StartingDeadline time.Duration
	// KeepSucceeded and KeepFailed are how many finished runs are kept at most,
	// for as long as the template's TTL does. Nil means 3 and 7.
	//
	// Rendered as spec.successfulJobsHistoryLimit and failedJobsHistoryLimit.
	KeepSucceeded, KeepFailed *int
	// Suspended starts no runs. False starts them.
	//
	// Rendered as spec.suspend.
	Suspended bool

	// When is a condition that each run must meet to start: CronLast and the other
	// variables of a Cron stand in it, and now(). The zero Expression starts all.
	//
	// Rendered as spec.when.
	When Expression
	// Stop is a condition on which no runs start any more, ever:
	// Expr("cronworkflow.failed >= 3"). It has the variables of a Cron, and no
	// functions of Argo's. The zero Expression never stops.
	//
	// Rendered as spec.stopStrategy.expression.
	Stop Expression

	// Base holds what has no field here; Base.WorkflowSpec is as Run.Base.
	Base wfv1.CronWorkflowSpec
}

// Build checks the Cron and returns its CronWorkflow. The error is a
// *millrace.BuildError with every mistake, those of the template among them.
func (n *Cron) Build() (millrace.Parts, error) {
	out, err := n.CronWorkflow()
	if err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{out}}, nil
}
