package diagnosis

// The ids of the causes. They are stable.
const (
	Suspended         = "spark/suspended"
	OperatorAway      = "spark/operator-not-watching"
	ScheduleInvalid   = "spark/schedule-invalid"
	ConcurrencyPolicy = "spark/concurrency-policy"
	RetryStuck        = "spark/retry-stuck"
	WebhookDown       = "spark/webhook-down"
	WebhookDenied     = "spark/webhook-denied"
	WebhookNotInject  = "spark/webhook-not-injecting"
	ServiceAccount    = "spark/service-account"
	RBAC              = "spark/rbac"
	DriverQuota       = "spark/driver-quota"
	ExecutorQuota     = "spark/executor-quota"
	PriorityClass     = "spark/priority-class"
	PodSecurity       = "spark/pod-security"
	PodInvalid        = "spark/pod-invalid"
	NameClash         = "spark/name-clash"
	Dependencies      = "spark/dependencies"
	BatchScheduler    = "spark/batch-scheduler"
	SubmissionFailed  = "spark/submission-failed"
	SchedulingGated   = "spark/scheduling-gated"
	Claim             = "spark/claim"
	Unschedulable     = "spark/unschedulable"
	Admission         = "spark/kubelet-admission"
	Volume            = "spark/volume"
	Image             = "spark/image"
	SlowImage         = "spark/slow-image"
	ContainerConfig   = "spark/container-config"
	PodSandbox        = "spark/pod-sandbox"
	StartTimeout      = "spark/start-timeout"
	DriverEvicted     = "spark/driver-evicted"
	DriverDisrupted   = "spark/driver-disrupted"
	DriverOOM         = "spark/driver-oom"
	DriverHeap        = "spark/driver-heap"
	ResultSize        = "spark/result-size"
	ExecutorEvicted   = "spark/executor-evicted"
	ExecutorDisrupted = "spark/executor-disrupted"
	ExecutorOOM       = "spark/executor-oom"
	ExecutorHeap      = "spark/executor-heap"
	ExecutorExit      = "spark/executor-exit"
	ExecutorLost      = "spark/executor-lost"
	ShuffleLost       = "spark/shuffle-lost"
	ExecutorFailures  = "spark/executor-failures"
	NoExecutors       = "spark/no-executors"
	Artefact          = "spark/artefact"
	StageFailure      = "spark/stage-failure"
	ApplicationError  = "spark/application-error"
	DriverLost        = "spark/driver-lost"
	DriverExit        = "spark/driver-exit"
	Sidecar           = "spark/sidecar"
	ExecutorFailed    = "spark/executor-failed"
	Unexplained       = "spark/unexplained"
)

var (
	// refused is why a pod is never made.
	refused = []string{WebhookDown, WebhookDenied, ServiceAccount, RBAC, DriverQuota, PriorityClass, PodSecurity,
		PodInvalid, NameClash, Dependencies, BatchScheduler}
	// stuck is why a pod that was made does not run.
	stuck = []string{SchedulingGated, Claim, Unschedulable, Admission, Volume, Image, SlowImage, ContainerConfig, PodSandbox}
	// driverDies is what takes the driver away, and its executors with it.
	driverDies = []string{DriverEvicted, DriverDisrupted, DriverOOM, DriverHeap}
	// executorDies is what takes executors away.
	executorDies = []string{ExecutorEvicted, ExecutorDisrupted, ExecutorOOM, ExecutorHeap, ExecutorExit}
)

// causes has every cause once. Its order is that in which to look at them: a
// cause comes after those that it may follow from, those of the driver before
// those of executors, and what says more before what says less.
var causes = []struct {
	id string
	// follows are the causes that this one is a consequence of where they
	// are seen together.
	follows []string
}{
	{Suspended, nil},
	{OperatorAway, nil},
	{ScheduleInvalid, nil},
	{ConcurrencyPolicy, nil},
	{RetryStuck, nil},
	{WebhookDown, nil},
	{WebhookDenied, nil},
	{WebhookNotInject, nil},
	{ServiceAccount, nil},
	{RBAC, nil},
	{DriverQuota, nil},
	{ExecutorQuota, nil},
	{PriorityClass, nil},
	{PodSecurity, nil},
	{PodInvalid, nil},
	{NameClash, nil},
	{Dependencies, nil},
	{BatchScheduler, nil},
	{SubmissionFailed, refused},
	{SchedulingGated, nil},
	{Claim, nil},
	{Unschedulable, []string{Claim, WebhookNotInject}},
	{Admission, nil},
	{Image, nil},
	{SlowImage, nil},
	{ContainerConfig, nil},
	{Volume, []string{Claim, ContainerConfig}},
	{PodSandbox, nil},
	{DriverEvicted, nil},
	{DriverDisrupted, nil},
	{DriverOOM, nil},
	{DriverHeap, nil},
	{ResultSize, nil},
	{ExecutorEvicted, driverDies},
	{ExecutorDisrupted, driverDies},
	{ExecutorOOM, nil},
	{ExecutorHeap, nil},
	{ExecutorExit, driverDies},
	{ExecutorLost, join(driverDies, executorDies)},
	{ShuffleLost, join(executorDies, []string{ExecutorLost})},
	{ExecutorFailures, join(executorDies, stuck, []string{ExecutorQuota, ExecutorLost})},
	{NoExecutors, join([]string{ExecutorQuota, ServiceAccount, RBAC, PriorityClass, PodSecurity, PodInvalid, WebhookDown, WebhookDenied}, stuck, executorDies)},
	{StartTimeout, join(stuck, refused, []string{ExecutorQuota, NoExecutors})},
	{Artefact, []string{Dependencies}},
	{StageFailure, join(executorDies, []string{ResultSize, ExecutorLost, ShuffleLost, Artefact})},
	{ApplicationError, join([]string{RBAC, ServiceAccount, ExecutorQuota, ResultSize, Artefact, StageFailure, DriverHeap}, executorDies)},
	{DriverLost, join(driverDies, []string{Admission})},
	{DriverExit, join(driverDies, []string{RBAC, ExecutorQuota, ResultSize, ExecutorFailures, Artefact, StageFailure, ApplicationError}, executorDies)},
	{Sidecar, nil},
	{ExecutorFailed, []string{ExecutorLost}},
	{Unexplained, nil},
}

func join(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// IDs returns the ids of all causes, in their order.
func IDs() []string {
	ids := make([]string, len(causes))
	for i, c := range causes {
		ids[i] = c.id
	}
	return ids
}
