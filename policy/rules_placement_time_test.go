package policy_test

import (
	"strings"
	"testing"
)

// living is a NodePool whose nodes expire and wait for their pods.
func living(expires, grace string) string {
	return strings.Replace(nodePool("etl", amd64), "      taints:", "      expireAfter: "+expires+"\n      terminationGracePeriod: "+grace+"\n      taints:", 1)
}

func TestGrace(t *testing.T) {
	const at = "11 NodePool etl spec.template.spec.terminationGracePeriod: "
	guard := dnd + `"true"`
	for name, tc := range map[string]manifests{
		"as long as the job":       {living("720h", "2h") + aJob(guard, onPool("etl"), "activeDeadlineSeconds: 7200"), nil},
		"a job without a deadline": {living("720h", "2h") + aJob(guard, onPool("etl")), nil},
		"a short grace period":     {living("720h", "2h") + aSet(onPool("etl", "terminationGracePeriodSeconds: 7200")), nil},
		"another pool":             {living("1h", "1h") + aJob(guard, onPool("other"), "activeDeadlineSeconds: 7200"), nil},
		"no bound": {strings.Replace(living("1h", "1h"), "      terminationGracePeriod: 1h\n", "", 1) +
			aJob(guard, onPool("etl", "terminationGracePeriodSeconds: 7200"), "activeDeadlineSeconds: 7200"), nil},
		"no guard, long life": {living("720h", "1h") + aJob("", onPool("etl"), "activeDeadlineSeconds: 7200"), nil},
		"no guard, no end":    {living("Never", "1h") + aJob("", onPool("etl"), "activeDeadlineSeconds: 7200"), nil},
		"a guarded job": {living("720h", "1h") + aJob(guard, onPool("etl"), "activeDeadlineSeconds: 7200"), []string{
			at + "nodes wait 1h at the most, and guarded pods of Job data/etl (deadline 2h) may run longer, and are then killed"}},
		"the pod's own deadline": {living("720h", "1h30m") + aJob(guard, onPool("etl", "activeDeadlineSeconds: 7200"), "activeDeadlineSeconds: 9000"), []string{
			at + "nodes wait 1h30m at the most, and guarded pods of Job data/etl (deadline 2h) may run longer, and are then killed"}},
		"a pod that stops slowly": {living("720h", "1h") + aSet(onPool("etl", "terminationGracePeriodSeconds: 3601")), []string{
			at + "nodes wait 1h at the most, and pods of StatefulSet data/db (grace period 1h0m1s) take longer to stop"}},
		"no guard, a short life": {living("1h", "24h") + aJob("", onPool("etl"), "activeDeadlineSeconds: 7200"), []string{
			"10 NodePool etl spec.template.spec.expireAfter: nodes expire after 1h, and pods of Job data/etl (deadline 2h) may run longer without a guard: each node that they begin on evicts them"}},
		"the default life": {nodePool("etl", amd64) + aJob("", onPool("etl"), "activeDeadlineSeconds: 2592001"), []string{
			"8 NodePool etl spec.template.spec.expireAfter: nodes expire after 720h, and pods of Job data/etl (deadline 720h0m1s) may run longer without a guard: each node that they begin on evicts them"}},
		"a workflow's deadline": {living("720h", "1h") + strings.Replace(workflowWith("  - name: main\n    metadata: {annotations: {"+guard+"}}\n    container: {image: a}"),
			"  entrypoint", "  activeDeadlineSeconds: 5400\n  entrypoint", 1), []string{
			at + "nodes wait 1h at the most, and guarded pods of WorkflowTemplate data/daily (deadline 1h30m) may run longer, and are then killed"}},
	} {
		checkAudit(t, "grace", map[string]manifests{name: tc})
	}
}

func TestIdleTimeout(t *testing.T) {
	const (
		dynamic = `spark.dynamicAllocation.enabled: "true"`
		idle    = "spark.dynamicAllocation.executorIdleTimeout: "
		found   = "5 NodePool etl spec.disruption.consolidateAfter: nodes that are little used go after 2m, and idle executors stay longer: those of SparkApplication data/etl "
	)
	pool := func(policy, after string) string {
		return nodePool("etl", amd64, "disruption: {consolidationPolicy: "+policy+", consolidateAfter: "+after+"}")
	}
	evicts := pool("WhenEmptyOrUnderutilized", "2m")
	app := func(conf ...string) string { return sparkApp(sparkOn("other"), sparkOn("etl"), conf...) }
	checkAudit(t, "consolidation", map[string]manifests{
		"Spark's default":         {evicts + app(dynamic), nil},
		"as long":                 {evicts + app(dynamic, idle+"2m"), nil},
		"no dynamic allocation":   {evicts + app(idle+"1h"), nil},
		"empty nodes only":        {pool("WhenEmpty", "2m") + app(dynamic, idle+"1h"), nil},
		"never":                   {pool("Balanced", "Never") + app(dynamic, idle+"1h"), nil},
		"another rule's":          {pool("Balanced", "30s") + app(dynamic, idle+"1h"), nil},
		"executors elsewhere":     {evicts + sparkApp(sparkOn("etl"), sparkOn("other"), dynamic, idle+"1h"), nil},
		"no time":                 {evicts + app(dynamic, idle+"x"), nil},
		"out of range":            {evicts + app(dynamic, idle+"9223372036854775807d"), nil},
		"longer":                  {evicts + app(dynamic, idle+"10min"), []string{found + "(10m)"}},
		"in seconds":              {evicts + app(dynamic, idle+`"121"`), []string{found + "(2m1s)"}},
		"by the operator's field": {evicts + strings.Replace(app(idle+"1h"), "  driver:", "  dynamicAllocation: {enabled: true}\n  driver:", 1), []string{found + "(1h)"}},
		"inside of a workflow": {evicts + workflowWith("  - name: main\n    resource:\n      action: create\n      manifest: |"+strings.ReplaceAll(strings.TrimSuffix(app(dynamic, idle+"1h"), "\n---"), "\n", "\n        ")), []string{
			strings.Replace(found, "SparkApplication data/etl", "WorkflowTemplate data/daily", 1) + "(1h)"}},
	})
}
