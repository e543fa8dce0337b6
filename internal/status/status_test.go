package status_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/status"
)

func object(t testing.TB, manifest string) *unstructured.Unstructured {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	u := new(unstructured.Unstructured)
	if err := u.UnmarshalJSON(data); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return u
}

const (
	spark      = "{apiVersion: sparkoperator.k8s.io/v1beta2, kind: SparkApplication, "
	scheduled  = "{apiVersion: sparkoperator.k8s.io/v1beta2, kind: ScheduledSparkApplication, "
	connect    = "{apiVersion: sparkoperator.k8s.io/v1alpha1, kind: SparkConnect, "
	apache     = "{apiVersion: spark.apache.org/v1, kind: SparkApplication, "
	apacheC    = "{apiVersion: spark.apache.org/v1, kind: SparkCluster, "
	wf         = "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, "
	cron       = "{apiVersion: argoproj.io/v1alpha1, kind: CronWorkflow, "
	topic      = "{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {generation: 2, labels: {strimzi.io/cluster: k}}, "
	oldTopic   = "{apiVersion: kafka.strimzi.io/v1beta2, kind: KafkaTopic, metadata: {generation: 2, labels: {strimzi.io/cluster: k}}, "
	kafka      = "{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {generation: 2}, "
	user       = "{apiVersion: kafka.strimzi.io/v1, kind: KafkaUser, metadata: {generation: 1, labels: {strimzi.io/cluster: k}}, "
	brokers    = "{apiVersion: kafka.strimzi.io/v1, kind: KafkaNodePool, metadata: {generation: 2, labels: {strimzi.io/cluster: k}}, "
	podSet     = "{apiVersion: core.strimzi.io/v1, kind: StrimziPodSet, metadata: {generation: 2}, "
	approved   = `{apiVersion: kafka.strimzi.io/v1, kind: KafkaRebalance, metadata: {generation: 1, annotations: {strimzi.io/rebalance: approve}}, `
	automatic  = `{apiVersion: kafka.strimzi.io/v1, kind: KafkaRebalance, metadata: {generation: 1, annotations: {strimzi.io/rebalance-auto-approval: "true"}}, `
	rebalance  = "{apiVersion: kafka.strimzi.io/v1, kind: KafkaRebalance, metadata: {generation: 1}, "
	pool       = "{apiVersion: karpenter.sh/v1, kind: NodePool, metadata: {generation: 2}, "
	deployment = "{apiVersion: apps/v1, kind: Deployment, metadata: {generation: 2}, "
	set        = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {generation: 1}, "
	job        = "{apiVersion: batch/v1, kind: Job, "
	crd        = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, "
)

const (
	inProgress = status.InProgress
	done       = status.Done
	failed     = status.Failed
)

func TestOf(t *testing.T) {
	for name, test := range map[string]struct {
		manifest string
		phase    status.Phase
		reason   string
		message  string
		retried  bool
	}{
		"spark new":                {spark + `}`, inProgress, "New", "", false},
		"spark empty state":        {spark + `status: {applicationState: {state: ""}}}`, inProgress, "New", "", false},
		"spark submitted":          {spark + `status: {applicationState: {state: SUBMITTED}}}`, inProgress, "SUBMITTED", "", false},
		"spark running":            {spark + `status: {applicationState: {state: RUNNING}}}`, inProgress, "RUNNING", "", false},
		"spark succeeding":         {spark + `status: {applicationState: {state: SUCCEEDING}}}`, inProgress, "SUCCEEDING", "", false},
		"spark completed":          {spark + `status: {applicationState: {state: COMPLETED}}}`, done, "COMPLETED", "", false},
		"spark failing":            {spark + `status: {applicationState: {state: FAILING, errorMessage: m}}}`, inProgress, "FAILING", "m", false},
		"spark failed":             {spark + `status: {applicationState: {state: FAILED, errorMessage: driver pod not found}}}`, failed, "FAILED", "driver pod not found", false},
		"spark failed, no word":    {spark + `status: {applicationState: {state: FAILED}}}`, failed, "FAILED", "the operator gives no reason", false},
		"spark submission failed":  {spark + `status: {applicationState: {state: SUBMISSION_FAILED, errorMessage: m}}}`, inProgress, "SUBMISSION_FAILED", "m", false},
		"spark pending rerun":      {spark + `status: {applicationState: {state: PENDING_RERUN}}}`, inProgress, "PENDING_RERUN", "", false},
		"spark invalidating":       {spark + `status: {applicationState: {state: INVALIDATING}}}`, inProgress, "INVALIDATING", "", false},
		"spark unknown":            {spark + `status: {applicationState: {state: UNKNOWN}}}`, inProgress, "UNKNOWN", "", false},
		"spark suspending":         {spark + `status: {applicationState: {state: SUSPENDING}}}`, inProgress, "SUSPENDING", "", false},
		"spark suspended":          {spark + `status: {applicationState: {state: SUSPENDED}}}`, inProgress, "SUSPENDED", "spec.suspend is set", false},
		"spark resuming":           {spark + `status: {applicationState: {state: RESUMING}}}`, inProgress, "RESUMING", "", false},
		"spark of the future":      {spark + `status: {applicationState: {state: WHATEVER}}}`, inProgress, "WHATEVER", "", false},
		"spark service":            {spark + `spec: {restartPolicy: {type: Always}}, status: {applicationState: {state: RUNNING}}}`, done, "RUNNING", "it runs; with restartPolicy Always it has no end", false},
		"spark service submitted":  {spark + `spec: {restartPolicy: {type: Always}}, status: {applicationState: {state: SUBMITTED}}}`, inProgress, "SUBMITTED", "", false},
		"spark service succeeding": {spark + `spec: {restartPolicy: {type: Always}}, status: {applicationState: {state: SUCCEEDING}}}`, inProgress, "SUCCEEDING", "", false},
		"spark nonsense":           {spark + `status: {applicationState: [1]}}`, inProgress, "New", "", false},
		"spark nonsense state":     {spark + `status: {applicationState: {state: 7}}}`, inProgress, "New", "", false},

		"scheduled":           {scheduled + `status: {scheduleState: Scheduled}}`, done, "Scheduled", "", false},
		"scheduled new":       {scheduled + `}`, inProgress, "New", "", false},
		"scheduled refused":   {scheduled + `status: {scheduleState: FailedValidation, reason: bad cron}}`, failed, "FailedValidation", "bad cron", false},
		"scheduled suspended": {scheduled + `spec: {suspend: true}}`, done, "Suspended", "", false},
		"connect ready":       {connect + `status: {state: Ready}}`, done, "Ready", "", false},
		"connect coming":      {connect + `status: {state: Provisioning, conditions: [{type: ServerPodReady, status: "False", message: pulling}]}}`, inProgress, "Provisioning", "pulling", false},
		"connect failed":      {connect + `status: {state: Failed}}`, failed, "Failed", "", false},

		"apache new":          {apache + `}`, inProgress, "New", "", false},
		"apache running":      {apache + `status: {currentState: {currentStateSummary: RunningHealthy}}}`, inProgress, "RunningHealthy", "", false},
		"apache succeeded":    {apache + `status: {currentState: {currentStateSummary: Succeeded}}}`, inProgress, "Succeeded", "", false},
		"apache released":     {apache + `status: {currentState: {currentStateSummary: ResourceReleased}, stateTransitionHistory: {"0": {currentStateSummary: Submitted}, "9": {currentStateSummary: Failed}, "10": {currentStateSummary: Succeeded}, "11": {currentStateSummary: ResourceReleased}}}}`, done, "Succeeded", "", false},
		"apache failed":       {apache + `status: {currentState: {currentStateSummary: ResourceReleased}, stateTransitionHistory: {"1": {currentStateSummary: DriverEvicted, message: gone}, "2": {currentStateSummary: ResourceReleased}}}}`, failed, "DriverEvicted", "gone", false},
		"apache ended":        {apache + `status: {currentState: {currentStateSummary: TerminatedWithoutReleaseResources}}}`, failed, "TerminatedWithoutReleaseResources", "it ended, and its history does not say how", false},
		"apache cluster":      {apacheC + `status: {currentState: {currentStateSummary: RunningHealthy}}}`, done, "RunningHealthy", "", false},
		"apache cluster bad":  {apacheC + `status: {currentState: {currentStateSummary: SchedulingFailure}}}`, failed, "SchedulingFailure", "", false},
		"apache cluster new":  {apacheC + `}`, inProgress, "New", "", false},
		"workflow new":        {wf + `}`, inProgress, "New", "", false},
		"workflow pending":    {wf + `status: {phase: Pending, message: waiting for a lock}}`, inProgress, "Pending", "waiting for a lock", false},
		"workflow running":    {wf + `status: {phase: Running}}`, inProgress, "Running", "", false},
		"workflow suspended":  {wf + `spec: {suspend: true}}`, inProgress, "New", "spec.suspend is set", false},
		"workflow succeeded":  {wf + `status: {phase: Succeeded}}`, done, "Succeeded", "", false},
		"workflow failed":     {wf + `status: {phase: Failed, message: child 'x' failed}}`, failed, "Failed", "child 'x' failed", false},
		"workflow error":      {wf + `status: {phase: Error, message: boom}}`, failed, "Error", "boom", false},
		"workflow refused":    {wf + `status: {phase: Failed, message: "invalid spec: no entrypoint"}}`, failed, "InvalidSpec", "invalid spec: no entrypoint", false},
		"workflow in SQL":     {wf + `status: {phase: Running, offloadNodeStatusVersion: "fnv:1"}}`, inProgress, "Running", "", false},
		"workflow bad gzip":   {wf + `status: {phase: Running, compressedNodes: "!!"}}`, inProgress, "Running", "", false},
		"workflow zstd":       {wf + `status: {phase: Failed, message: m, compressedNodes: "KLUv/SQA"}}`, failed, "Failed", "m", false},
		"cron":                {cron + `}`, done, "Exists", "", false},
		"cron refused":        {cron + `status: {conditions: [{type: SpecError, status: "True", message: bad schedule}]}}`, failed, "SpecError", "bad schedule", false},
		"cron can't submit":   {cron + `status: {conditions: [{type: SubmissionError, status: "True", message: quota}]}}`, failed, "SubmissionError", "quota", true},
		"topic new":           {topic + `}`, inProgress, "New", "", false},
		"topic ready":         {topic + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "True"}]}}`, done, "Ready", "", false},
		"topic ready, v1beta": {oldTopic + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "True"}]}}`, done, "Ready", "", false},
		"topic ready before":  {topic + `status: {observedGeneration: 1, conditions: [{type: Ready, status: "True"}]}}`, inProgress, "Reconciling", "", false},
		"topic no generation": {topic + `status: {conditions: [{type: Ready, status: "True"}]}}`, inProgress, "Reconciling", "", false},
		"topic failed before": {topic + `status: {observedGeneration: 1, conditions: [{type: Ready, status: "False", reason: NotSupported}]}}`, inProgress, "Reconciling", "", false},
		"topic conflict":      {topic + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "False", reason: ResourceConflict, message: m}]}}`, failed, "ResourceConflict", "m", false},
		"topic unsupported":   {topic + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "False", reason: NotSupported, message: m}]}}`, failed, "NotSupported", "m", false},
		"topic kafka error":   {topic + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "False", reason: KafkaError, message: m}]}}`, failed, "KafkaError", "m", true},
		"topic unmanaged":     {topic + `status: {observedGeneration: 2, conditions: [{type: Unmanaged, status: "True"}]}}`, done, "Unmanaged", "strimzi.io/managed is false: the operator leaves the topic alone", false},
		"topic paused":        {topic + `status: {observedGeneration: 1, conditions: [{type: ReconciliationPaused, status: "True"}]}}`, failed, "ReconciliationPaused", "the annotation strimzi.io/pause-reconciliation stops the operator", false},
		"topic warned":        {topic + `status: {observedGeneration: 2, conditions: [{type: Warning, status: "True", message: w1}, {type: Ready, status: "True"}, {type: Warning, status: "True", reason: w2}]}}`, done, "Ready", "w1; w2", false},

		"topic unknown":          {topic + `status: {observedGeneration: 2, conditions: [{type: Ready, status: Unknown, message: m}]}}`, inProgress, "Reconciling", "", false},
		"topic no longer warned": {topic + `status: {observedGeneration: 2, conditions: [{type: Warning, status: "False", message: w}, {type: Ready, status: "True"}]}}`, done, "Ready", "", false},

		"brokers paused":    {brokers + `spec: {replicas: 1}, status: {observedGeneration: 2, nodeIds: [0], conditions: [{type: ReconciliationPaused, status: "True"}]}}`, failed, "ReconciliationPaused", "the annotation strimzi.io/pause-reconciliation stops the operator", false},
		"brokers in a file": {`{apiVersion: kafka.strimzi.io/v1, kind: KafkaNodePool, metadata: {labels: {strimzi.io/cluster: k}}, spec: {replicas: 0}}`, inProgress, "New", "", false},
		"pod set in a file": {`{apiVersion: core.strimzi.io/v1, kind: StrimziPodSet, metadata: {}, spec: {pods: []}}`, inProgress, "New", "", false},
		"rebalance paused":  {rebalance + `status: {observedGeneration: 1, conditions: [{type: ReconciliationPaused, status: "True"}, {type: Ready, status: "True"}]}}`, failed, "ReconciliationPaused", "the annotation strimzi.io/pause-reconciliation stops the operator", false},
		"rebalance before":  {`{apiVersion: kafka.strimzi.io/v1, kind: KafkaRebalance, metadata: {generation: 2}, status: {observedGeneration: 1, conditions: [{type: Ready, status: "True"}]}}`, inProgress, "Reconciling", "", false},

		"kafka new":            {kafka + `}`, inProgress, "New", "", false},
		"kafka creating":       {kafka + `status: {observedGeneration: 2, conditions: [{type: NotReady, status: "True", reason: Creating, message: m}]}}`, inProgress, "Creating", "m", false},
		"kafka ready":          {kafka + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "True"}]}}`, done, "Ready", "", false},
		"kafka ready before":   {kafka + `status: {observedGeneration: 1, conditions: [{type: Ready, status: "True"}]}}`, inProgress, "Reconciling", "", false},
		"kafka timeout":        {kafka + `status: {observedGeneration: 2, conditions: [{type: NotReady, status: "True", reason: TimeoutException, message: m}]}}`, failed, "TimeoutException", "m", true},
		"kafka invalid":        {kafka + `status: {observedGeneration: 2, conditions: [{type: NotReady, status: "True", reason: InvalidResourceException, message: m}]}}`, failed, "InvalidResourceException", "m", false},
		"kafka version":        {kafka + `status: {observedGeneration: 2, conditions: [{type: NotReady, status: "True", reason: UnsupportedKafkaVersionException, message: m}]}}`, failed, "UnsupportedKafkaVersionException", "m", false},
		"kafka Ready=False":    {kafka + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "False"}]}}`, inProgress, "Reconciling", "", false},
		"user ready":           {user + `status: {observedGeneration: 1, conditions: [{type: Ready, status: "True"}]}}`, done, "Ready", "", false},
		"brokers new":          {brokers + `}`, inProgress, "New", "", false},
		"brokers accepted":     {brokers + `status: {observedGeneration: 2, nodeIds: [0, 1]}}`, done, "Accepted", "", false},
		"brokers scaling":      {brokers + `spec: {replicas: 3}, status: {observedGeneration: 2, nodeIds: [0, 1], conditions: [{type: Warning, status: "True", message: w}]}}`, inProgress, "Scaling", "2 of 3 nodes have an id; w", false},
		"brokers none":         {brokers + `spec: {replicas: 0}, status: {observedGeneration: 2}}`, done, "Accepted", "", false},
		"brokers storage":      {brokers + `spec: {replicas: 1}, status: {observedGeneration: 2, nodeIds: [0], conditions: [{type: Warning, status: "True", reason: KafkaStorage, message: "As a result, all storage changes will be ignored."}]}}`, failed, "KafkaStorage", "As a result, all storage changes will be ignored.", false},
		"brokers unlabelled":   {`{apiVersion: kafka.strimzi.io/v1, kind: KafkaNodePool, metadata: {generation: 1}}`, inProgress, "Unclaimed", "it has no label strimzi.io/cluster, so no operator looks at it", false},
		"topic unlabelled":     {`{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {generation: 1}}`, inProgress, "Unclaimed", "it has no label strimzi.io/cluster, so no operator looks at it", false},
		"topic others claim":   {`{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {generation: 1}, status: {observedGeneration: 1, conditions: [{type: Ready, status: "True"}]}}`, done, "Ready", "", false},
		"user unlabelled":      {`{apiVersion: kafka.strimzi.io/v1, kind: KafkaUser, metadata: {generation: 1}}`, inProgress, "Unclaimed", "it has no label strimzi.io/cluster, so no operator looks at it", false},
		"topic moving":         {topic + `status: {observedGeneration: 2, replicasChange: {state: ongoing}, conditions: [{type: Ready, status: "True"}]}}`, inProgress, "ReplicasChange", "Cruise Control moves the replicas: ongoing", false},
		"kafka kept brokers":   {kafka + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "True"}, {type: Warning, status: "True", reason: ScaleDownPreventionCheck, message: m}]}}`, failed, "ScaleDownPreventionCheck", "m", true},
		"kafka ephemeral":      {kafka + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "True"}, {type: Warning, status: "True", reason: KafkaStorage, message: will lose topic messages}]}}`, done, "Ready", "will lose topic messages", false},
		"kafka paused":         {kafka + `status: {observedGeneration: 2, conditions: [{type: ReconciliationPaused, status: "True"}]}}`, failed, "ReconciliationPaused", "the annotation strimzi.io/pause-reconciliation stops the operator", false},
		"pod set rolling":      {podSet + `spec: {pods: [{}, {}]}, status: {observedGeneration: 2, pods: 2, currentPods: 1, readyPods: 2}}`, inProgress, "Rolling", "of 2 pods 1 are of the newest revision and 2 are ready", false},
		"pod set starting":     {podSet + `spec: {pods: [{}, {}]}, status: {observedGeneration: 2, pods: 2, currentPods: 2, readyPods: 1}}`, inProgress, "Rolling", "of 2 pods 2 are of the newest revision and 1 are ready", false},
		"pod set ready":        {podSet + `spec: {pods: [{}, {}]}, status: {observedGeneration: 2, pods: 2, currentPods: 2, readyPods: 2}}`, done, "Ready", "", false},
		"pod set before":       {podSet + `spec: {pods: [{}]}, status: {observedGeneration: 1, pods: 1, currentPods: 1, readyPods: 1}}`, inProgress, "Reconciling", "", false},
		"pod set error":        {podSet + `status: {observedGeneration: 2, conditions: [{type: Error, status: "True", message: m}]}}`, failed, "Error", "m", true},
		"brokers before":       {brokers + `status: {observedGeneration: 1, nodeIds: [0, 1]}}`, inProgress, "Reconciling", "", false},
		"rebalance pending":    {rebalance + `status: {observedGeneration: 1, conditions: [{type: PendingProposal, status: "True"}]}}`, inProgress, "PendingProposal", "", false},
		"rebalance proposal":   {rebalance + `status: {observedGeneration: 1, conditions: [{type: ProposalReady, status: "True"}]}}`, done, "ProposalReady", "", false},
		"rebalance ready":      {rebalance + `status: {observedGeneration: 1, conditions: [{type: Ready, status: "True"}]}}`, done, "Ready", "", false},
		"rebalance stopped":    {rebalance + `status: {observedGeneration: 1, conditions: [{type: Stopped, status: "True"}]}}`, failed, "Stopped", "", false},
		"rebalance approved":   {approved + `status: {observedGeneration: 1, conditions: [{type: ProposalReady, status: "True"}]}}`, inProgress, "ProposalReady", "", false},
		"rebalance automatic":  {automatic + `status: {observedGeneration: 1, conditions: [{type: ProposalReady, status: "True"}]}}`, inProgress, "ProposalReady", "", false},
		"rebalance moving":     {automatic + `status: {observedGeneration: 1, conditions: [{type: Rebalancing, status: "True"}]}}`, inProgress, "Rebalancing", "", false},
		"rebalance refused":    {rebalance + `status: {observedGeneration: 1, conditions: [{type: NotReady, status: "True", message: m}]}}`, failed, "NotReady", "m", false},
		"rebalance refreshed":  {`{apiVersion: kafka.strimzi.io/v1, kind: KafkaRebalance, metadata: {generation: 1, annotations: {strimzi.io/rebalance: refresh}}, status: {observedGeneration: 1, conditions: [{type: Ready, status: "True"}]}}`, inProgress, "Ready", "the operator has yet to ask for a new proposal", false},
		"rebalance halted":     {`{apiVersion: kafka.strimzi.io/v1, kind: KafkaRebalance, metadata: {generation: 1, annotations: {strimzi.io/rebalance: stop}}, status: {observedGeneration: 1, conditions: [{type: Stopped, status: "True"}]}}`, done, "Stopped", "", false},
		"rebalance template":   {`{apiVersion: kafka.strimzi.io/v1, kind: KafkaRebalance, metadata: {annotations: {strimzi.io/rebalance-template: "true"}}}`, done, "Template", "", false},
		"pool new":             {pool + `}`, inProgress, "New", "", false},
		"pool ready":           {pool + `status: {conditions: [{type: Ready, status: "True", observedGeneration: 2}]}}`, done, "Ready", "", false},
		"pool ready before":    {pool + `status: {conditions: [{type: Ready, status: "True", observedGeneration: 1}]}}`, inProgress, "Reconciling", "", false},
		"pool unknown":         {pool + `status: {conditions: [{type: Ready, status: Unknown, reason: AwaitingReconciliation}]}}`, inProgress, "AwaitingReconciliation", "", false},
		"pool not ready":       {pool + `status: {conditions: [{type: Ready, status: "False", reason: UnhealthyDependents, message: NodeClassReady=False}]}}`, failed, "UnhealthyDependents", "NodeClassReady=False", true},
		"node class":           {`{apiVersion: karpenter.k8s.aws/v1, kind: EC2NodeClass, status: {conditions: [{type: Ready, status: "True"}]}}`, done, "Ready", "", false},
		"deployment new":       {deployment + `}`, inProgress, "New", "", false},
		"deployment half":      {deployment + `spec: {replicas: 3}, status: {observedGeneration: 2, replicas: 4, updatedReplicas: 2, availableReplicas: 3}}`, inProgress, "Progressing", "2 of 3 pods are ready", false},
		"deployment old pods":  {deployment + `spec: {replicas: 3}, status: {observedGeneration: 2, replicas: 4, updatedReplicas: 3, availableReplicas: 3}}`, inProgress, "Progressing", "3 of 3 pods are ready", false},
		"deployment available": {deployment + `spec: {replicas: 3}, status: {observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3}}`, done, "Available", "", false},
		"deployment before":    {deployment + `spec: {replicas: 3}, status: {observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 3}}`, inProgress, "Progressing", "3 of 3 pods are ready", false},
		"deployment stuck":     {deployment + `status: {observedGeneration: 2, conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded, message: m}]}}`, failed, "ProgressDeadlineExceeded", "m", true},
		"stateful set":         {set + `status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1}}`, done, "Available", "", false},
		"job new":              {job + `}`, inProgress, "New", "", false},
		"job running":          {job + `status: {active: 1}}`, inProgress, "Running", "", false},
		"job complete":         {job + `status: {conditions: [{type: SuccessCriteriaMet, status: "True"}, {type: Complete, status: "True"}]}}`, done, "Complete", "", false},
		"job failing":          {job + `status: {conditions: [{type: FailureTarget, status: "True"}]}}`, inProgress, "Running", "", false},
		"job failed":           {job + `status: {conditions: [{type: Failed, status: "True", reason: BackoffLimitExceeded, message: m}]}}`, failed, "BackoffLimitExceeded", "m", false},
		"job suspended":        {job + `status: {conditions: [{type: Suspended, status: "True", message: m}]}}`, inProgress, "Suspended", "m", false},
		"crd new":              {crd + `}`, inProgress, "New", "", false},
		"crd established":      {crd + `status: {conditions: [{type: Established, status: "True"}]}}`, done, "Established", "", false},
		"crd clash":            {crd + `status: {conditions: [{type: NamesAccepted, status: "False", reason: MultipleNamesConflict, message: m}]}}`, failed, "MultipleNamesConflict", "m", true},
		"config map":           {`{apiVersion: v1, kind: ConfigMap}`, done, "Exists", "", false},
		"template":             {`{apiVersion: argoproj.io/v1alpha1, kind: WorkflowTemplate}`, done, "Exists", "", false},
		"GKE pool of a CRD":    {`{apiVersion: cloud.google.com/v1, kind: ComputeClass}`, done, "Exists", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			o := object(t, test.manifest)
			before := o.DeepCopy()
			got := status.Of(o)
			if diff := cmp.Diff(before.Object, o.Object); diff != "" {
				t.Errorf("Of changed the object:\n%s", diff)
			}
			if got.Phase != test.phase || got.Reason != test.reason || got.Message != test.message || got.Retried != test.retried {
				t.Errorf("got %v %q %q retried=%v, want %v %q %q retried=%v",
					got.Phase, got.Reason, got.Message, got.Retried, test.phase, test.reason, test.message, test.retried)
			}
		})
	}
}

func TestOfNothing(t *testing.T) {
	for _, o := range []*unstructured.Unstructured{nil, {}} {
		if got := status.Of(o); got.Phase != inProgress || got.Reason != status.New {
			t.Errorf("got %+v", got)
		}
	}
}

// TestNumbers holds the readers against every type that decoders make of a
// number.
func TestNumbers(t *testing.T) {
	for _, generation := range []any{int64(2), 2, int32(2), 2.0} {
		o := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic",
			"metadata": map[string]any{"generation": generation},
			"status": map[string]any{"observedGeneration": generation,
				"conditions": []any{map[string]any{"type": "Ready", "status": "True"}}},
		}}
		if got := status.Of(o); got.Phase != done {
			t.Errorf("%T: got %+v", generation, got)
		}
	}
}

func TestKnown(t *testing.T) {
	for kind, want := range map[schema.GroupKind]bool{
		{Group: "argoproj.io", Kind: "Workflow"}:         true,
		{Group: "kafka.strimzi.io", Kind: "KafkaBridge"}: true,
		{Group: "", Kind: "ConfigMap"}:                   false,
	} {
		if got := status.Known(kind); got != want {
			t.Errorf("Known(%v) = %v", kind, got)
		}
	}
}

func TestPhaseString(t *testing.T) {
	got := []string{inProgress.String(), done.String(), failed.String(), status.Phase(9).String()}
	if diff := cmp.Diff([]string{"InProgress", "Done", "Failed", "InProgress"}, got); diff != "" {
		t.Error(diff)
	}
}

const failedDAG = `
  a: {id: a, name: w, displayName: w, type: DAG, phase: Failed, startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:09:00Z", children: [b, c]}
  b: {id: b, name: w.orders, displayName: orders, type: Retry, phase: Failed, message: No more retries left, boundaryID: a, startedAt: "2026-01-01T00:00:01Z", finishedAt: "2026-01-01T00:05:00Z", children: [b0, b1, h]}
  b0: {id: b0, name: w.orders(0), displayName: orders(0), type: Pod, phase: Failed, message: first, boundaryID: a, startedAt: "2026-01-01T00:00:01Z", finishedAt: "2026-01-01T00:01:00Z"}
  b1: {id: b1, name: w.orders(1), displayName: orders(1), type: Pod, phase: Failed, message: second, boundaryID: a, startedAt: "2026-01-01T00:02:00Z", finishedAt: "2026-01-01T00:05:00Z", children: [d]}
  h: {id: h, name: w.orders.hooks.log, displayName: orders.hooks.log, type: Pod, phase: Succeeded, boundaryID: a, startedAt: "2026-01-01T00:05:00Z"}
  c: {id: c, name: w.customers, displayName: customers, type: Retry, phase: Succeeded, boundaryID: a, startedAt: "2026-01-01T00:00:02Z", finishedAt: "2026-01-01T00:03:00Z", children: [c0, c1]}
  c0: {id: c0, name: w.customers(0), displayName: customers(0), type: Pod, phase: Error, message: pod deleted, boundaryID: a, startedAt: "2026-01-01T00:00:02Z", finishedAt: "2026-01-01T00:00:30Z"}
  c1: {id: c1, name: w.customers(1), displayName: customers(1), type: Pod, phase: Succeeded, boundaryID: a, startedAt: "2026-01-01T00:01:00Z", finishedAt: "2026-01-01T00:03:00Z"}
  d: {id: d, name: w.load, displayName: load, type: Skipped, phase: Omitted, boundaryID: a, startedAt: "2026-01-01T00:09:00Z", finishedAt: "2026-01-01T00:09:00Z"}
  e: {id: e, name: w.onExit, displayName: w.onExit, type: Pod, phase: Failed, message: clean-up, startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:10Z"}
`

func TestTasksAndRootCause(t *testing.T) {
	s := status.Of(object(t, "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nstatus:\n phase: Failed\n progress: 1/3\n nodes:"+failedDAG))
	var got []string
	for _, task := range s.Tasks {
		line := task.Name + " " + task.Type + " " + task.Phase
		if task.Attempt > 0 {
			line += " try " + string(rune('0'+task.Attempt))
		}
		if task.Exit {
			line += " exit"
		}
		got = append(got, line)
	}
	want := []string{
		"w.onExit Pod Failed exit",
		"orders Retry Failed", "orders Pod Failed try 1",
		"customers Retry Succeeded", "customers Pod Error try 1",
		"customers Pod Succeeded try 2",
		"orders Pod Failed try 2",
		"orders.hooks.log Pod Succeeded",
		"load Skipped Omitted",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s.Progress != "1/3" {
		t.Errorf("progress is %q", s.Progress)
	}
	cause, ok := s.RootCause()
	if !ok || cause.Name != "orders" || cause.Attempt != 2 || cause.Message != "second" {
		t.Errorf("the root cause is %+v", cause)
	}
}

func TestRootCause(t *testing.T) {
	for name, test := range map[string]struct{ nodes, task, message string }{
		"none": {`{a: {id: a, name: w, type: DAG, phase: Succeeded}}`, "", ""},
		"the group itself": {`{a: {id: a, name: w, displayName: w, type: DAG, phase: Error, message: template not found},
			b: {id: b, name: w.x, displayName: x, type: Pod, phase: Succeeded, boundaryID: a}}`, "w", "template not found"},
		"the first to end": {`{b: {id: b, name: w.x, displayName: x, type: Pod, phase: Failed, message: later, finishedAt: "2026-01-01T00:02:00Z"},
			c: {id: c, name: w.sooner, displayName: sooner, type: Pod, phase: Failed, message: sooner, finishedAt: "2026-01-01T00:01:00Z"},
			d: {id: d, name: w.z, displayName: z, type: Pod, phase: Failed, message: no time}}`, "sooner", "sooner"},
		"a step": {`{a: {id: a, name: w, displayName: w, type: Steps, phase: Failed, message: child 'c' failed, children: [b]},
			b: {id: b, name: "w[0]", displayName: "[0]", type: StepGroup, phase: Failed, message: child 'c' failed, boundaryID: a, children: [c]},
			c: {id: c, name: "w[0].x", displayName: x, type: Pod, phase: Failed, message: why, boundaryID: a}}`, "x", "why"},
		"an item": {`{a: {id: a, name: w.x, displayName: x, type: TaskGroup, phase: Failed, children: [b]},
			b: {id: b, name: "w.x(0:de)", displayName: "x(0:de)", type: Pod, phase: Failed, message: why}}`, "x(0:de)", "why"},
		"the exit handler alone": {`{e: {id: e, name: w.onExit.notify, displayName: notify, type: Pod, phase: Failed, message: why}}`, "notify", "why"},
		"nonsense":               {`{a: 7, b: {phase: Failed, children: 3, type: Pod, displayName: x}}`, "x", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := status.Of(object(t, `{apiVersion: argoproj.io/v1alpha1, kind: Workflow, status: {phase: Failed, nodes: `+test.nodes+`}}`))
			got, ok := s.RootCause()
			if ok != (test.task != "") || got.Name != test.task || got.Message != test.message {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestCompressedNodes(t *testing.T) {
	nodes, err := yaml.YAMLToJSON([]byte(strings.TrimSpace(strings.ReplaceAll(failedDAG, "\n  ", "\n"))))
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(nodes) {
		t.Fatal("no JSON")
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(nodes); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	o := object(t, `{apiVersion: argoproj.io/v1alpha1, kind: Workflow, status: {phase: Failed}}`)
	for name, text := range map[string]string{
		"whole":     base64.StdEncoding.EncodeToString(packed.Bytes()),
		"cut short": base64.StdEncoding.EncodeToString(packed.Bytes()[:packed.Len()/2]),
	} {
		if err := unstructured.SetNestedField(o.Object, text, "status", "compressedNodes"); err != nil {
			t.Fatal(err)
		}
		s := status.Of(o)
		if cause, _ := s.RootCause(); (cause.Name == "orders") != (name == "whole") || s.Phase != failed {
			t.Errorf("%s: got %+v", name, s)
		}
	}
}

// FuzzOf must never panic, whatever an object holds.
func FuzzOf(f *testing.F) {
	for _, kind := range []string{spark, apache, wf, topic, kafka, brokers, pool, deployment, job} {
		f.Add(kind + `status: {conditions: [{type: Ready, status: "True"}], nodes: {a: {children: [a]}}}}`)
	}
	f.Fuzz(func(t *testing.T, manifest string) {
		data, err := yaml.YAMLToJSON([]byte(manifest))
		if err != nil {
			return
		}
		u := new(unstructured.Unstructured)
		if json.Unmarshal(data, &u.Object) != nil {
			return
		}
		s := status.Of(u)
		s.RootCause()
	})
}

// TestNodePool puts a pool together with its pods and its cluster, of which the
// pool itself says nothing.
func TestNodePool(t *testing.T) {
	read := func(text string) *unstructured.Unstructured {
		if text == "" {
			return nil
		}
		u := new(unstructured.Unstructured)
		if err := yaml.Unmarshal([]byte(text), &u.Object); err != nil {
			t.Fatal(err)
		}
		return u
	}
	accepted := brokers + `spec: {replicas: 1}, status: {observedGeneration: 2, nodeIds: [0]}}`
	rolled := podSet + `spec: {pods: [{}]}, status: {observedGeneration: 2, pods: 1, currentPods: 1, readyPods: 1}}`
	rolling := podSet + `spec: {pods: [{}]}, status: {observedGeneration: 2, pods: 1, currentPods: 0, readyPods: 1}}`
	ready := kafka + `status: {observedGeneration: 2, conditions: [{type: Ready, status: "True"}]}}`
	for name, tc := range map[string]struct {
		pool, pods, kafka string
		phase             status.Phase
		reason            string
	}{
		"all":            {accepted, rolled, ready, status.Done, "Ready"},
		"rolling":        {accepted, rolling, ready, status.InProgress, "Rolling"},
		"no pods yet":    {accepted, "", ready, status.InProgress, "New"},
		"no Kafka":       {accepted, rolled, "", status.InProgress, "New"},
		"cluster failed": {accepted, rolled, kafka + `status: {observedGeneration: 2, conditions: [{type: NotReady, status: "True", reason: InvalidResourceException}]}}`, status.Failed, "InvalidResourceException"},
		"not accepted":   {brokers + `status: {observedGeneration: 1, nodeIds: [0]}}`, rolled, ready, status.InProgress, "Reconciling"},
		"empty pool":     {brokers + `spec: {replicas: 0}, status: {observedGeneration: 2}}`, "", ready, status.Done, "Ready"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := status.NodePool(read(tc.pool), read(tc.pods), read(tc.kafka)); got.Phase != tc.phase || got.Reason != tc.reason {
				t.Errorf("got %v %q, want %v %q", got.Phase, got.Reason, tc.phase, tc.reason)
			}
		})
	}
}
