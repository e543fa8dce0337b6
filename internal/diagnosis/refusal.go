package diagnosis

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/millrace/millrace"
)

// The texts with which the API server and its admission refuse an object.
// Source: k8s.io/apiserver v0.37.2 (admission/plugin/resourcequota,
// admission/plugin/webhook/errors, endpoints/handlers/responsewriters),
// k8s.io/kubernetes v1.37.2 (plugin/pkg/admission), k8s.io/pod-security-admission.
var (
	refusedObject = regexp.MustCompile(`([a-z.]+) "([^"]*)" is forbidden: `)
	quotaExceeded = regexp.MustCompile(`exceeded quota: ([^,\s]+), requested: (\S+), used: (\S+), limited: (\S+)`)
	quotaFailed   = regexp.MustCompile(`failed quota: ([^:\s]+): must specify ([^\n]*)`)
	noAccount     = regexp.MustCompile(`error looking up service account (\S+?)/(\S+?): `)
	mayNot        = regexp.MustCompile(`User "([^"]*)" cannot (\w+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)")?`)
	noPriority    = regexp.MustCompile(`no PriorityClass with name (\S+) was found`)
	podSecurity   = regexp.MustCompile(`violates PodSecurity "([^"]*)": ([^\n]*)`)
	invalidObject = regexp.MustCompile(`\b(Pod|Service|ConfigMap|Secret|PersistentVolumeClaim) "([^"]*)" is invalid: ([^\n]*)`)
	outOfRange    = regexp.MustCompile(`(minimum|maximum) \S+ usage per (\w+) is [^\s,]+?(?:, but (?:request|limit) is [^\s,\]]*\w|\.\s+No (?:request|limit) is specified)|\S+ max limit to request ratio per (\w+) is [^,]+, but (?:provided ratio is [0-9.]*[0-9]|no \w+ is specified or \w+ is 0)`)
	webhookFailed = regexp.MustCompile(`failed calling webhook "([^"]*)": ([^\n]*)`)
	webhookDenied = regexp.MustCompile(`admission webhook "([^"]*)" denied the request: ([^\n]*)`)
	operatorQuota = regexp.MustCompile(`failed to validate resource quota "?([^"\n]*)`)
	alreadyExists = regexp.MustCompile(`pods "([^"]*-driver)" already exists`)
)

// serverReceived begins the second half of what the driver's client says, which
// repeats the first.
const serverReceived = ". Received status"

// refusal looks for a refusal in a text, and notes it. role is for whose pod
// it was, where the text does not say.
func (q *inquiry) refusal(at place, text string) bool {
	text, _, _ = strings.Cut(text, serverReceived)
	if m := refusedObject.FindStringSubmatch(text); m != nil {
		switch {
		case strings.Contains(m[2], "-exec-"):
			at.role, at.key = executor, executorOfPod(m[2])
		case strings.HasSuffix(m[2], "-driver"):
			at.role = driver
		}
	}
	for _, recognise := range refusals {
		n, ok := recognise(at.role, text)
		if !ok {
			continue
		}
		n.likelihood, n.object, n.key, n.where = millrace.Certain, at.object, at.key, at.where
		if at.what != "" {
			n.what = at.what + n.what
		}
		if n.role == nobody {
			n.role = at.role
		}
		q.note(n)
		return true
	}
	return false
}

// refusals are tried in order: what a webhook says may hold the others' words.
var refusals = []func(role, string) (note, bool){
	refusedByWebhook, refusedByQuota, refusedForAccount, refusedForPod, refusedBySubmission,
}

func refusedByWebhook(r role, text string) (note, bool) {
	if m := webhookFailed.FindStringSubmatch(text); m != nil {
		return note{id: WebhookDown, what: m[0],
			detail: "the API server can't reach the admission webhook " + m[1],
			fix:    "see that the pod behind the webhook runs, and that its certificate is valid; with failurePolicy Fail nothing is made without it"}, true
	}
	if m := webhookDenied.FindStringSubmatch(text); m != nil {
		if strings.Contains(m[2], "resource quota") {
			return quotaOfOperator(r, m[0]), true
		}
		return note{id: WebhookDenied, what: m[0],
			detail: fmt.Sprintf("the admission webhook %s refused it: %s", m[1], m[2]),
			fix:    "correct what it names; policy.Production().Check finds most of it before submission"}, true
	}
	if m := operatorQuota.FindString(text); m != "" {
		return quotaOfOperator(r, m), true
	}
	return note{}, false
}

func quotaOfOperator(r role, what string) note {
	return note{id: quotaID(r), what: what, detail: "the operator's webhook finds that the job asks for more than a ResourceQuota leaves",
		fix: "ask for less (Executor.Instances, Executor.Memory), wait until others are done, or raise the quota"}
}

func quotaID(r role) string {
	if r == executor {
		return ExecutorQuota
	}
	return DriverQuota
}

func refusedByQuota(r role, text string) (note, bool) {
	whom := "the driver"
	fewer := "Driver.Memory, Driver.Cores"
	if r == executor {
		whom, fewer = "an executor", "Executor.Instances, Executor.Memory, Executor.Cores"
	}
	if m := quotaExceeded.FindStringSubmatch(text); m != nil {
		limited := strings.TrimRight(m[4], ".,;")
		return note{id: quotaID(r), what: m[0],
			detail: fmt.Sprintf("%s exceeds the ResourceQuota %s: it asks for %s, %s of %s are used", whom, m[1], m[2], m[3], limited),
			fix:    "ask for less (" + fewer + "), wait until others are done, or raise the quota"}, true
	}
	if m := quotaFailed.FindStringSubmatch(text); m != nil {
		fix := "set what it names, or give the namespace a LimitRange with defaults"
		if strings.Contains(m[2], "limits.cpu") {
			field := r.field()
			fix = "set " + field + ".CoreLimit, or give the namespace a LimitRange with a default CPU limit"
		}
		return note{id: quotaID(r), what: m[0],
			detail: fmt.Sprintf("the ResourceQuota %s takes only pods that say their %s", m[1], strings.TrimRight(m[2], ". ")), fix: fix}, true
	}
	return note{}, false
}

func refusedForAccount(_ role, text string) (note, bool) {
	if m := noAccount.FindStringSubmatch(text); m != nil {
		return note{id: ServiceAccount, what: m[0] + "not found",
			detail: fmt.Sprintf("the service account %s does not exist in the namespace %s", m[2], m[1]),
			fix:    "create it, or correct Driver.ServiceAccount"}, true
	}
	if m := mayNot.FindStringSubmatch(text); m != nil {
		who, where := m[1], m[5]
		if parts := strings.Split(who, ":"); len(parts) == 4 && parts[1] == "serviceaccount" {
			who = "the service account " + parts[2] + "/" + parts[3]
		}
		if where != "" {
			where = " in the namespace " + where
		}
		return note{id: RBAC, what: m[0],
			detail: fmt.Sprintf("%s may not %s %s%s", who, m[2], m[3], where),
			fix:    "bind it to a Role with create, get, list, watch, patch and delete on pods, services, configmaps and persistentvolumeclaims, or name another account in Driver.ServiceAccount"}, true
	}
	return note{}, false
}

func refusedForPod(r role, text string) (note, bool) {
	if m := noPriority.FindStringSubmatch(text); m != nil {
		return note{id: PriorityClass, what: m[0], detail: "there is no PriorityClass " + m[1],
			fix: "create it, or correct Driver.PriorityClass and Executor.PriorityClass"}, true
	}
	if m := outOfRange.FindStringSubmatch(text); m != nil {
		amount := "ask for less (" + r.field() + ".Memory, " + r.field() + ".Cores)"
		switch m[1] {
		case "minimum":
			amount = "ask for more (" + r.field() + ".Memory, " + r.field() + ".Cores)"
		case "":
			amount = "bring requests and limits closer together (" + r.field() + ".CoreRequest, " + r.field() + ".CoreLimit)"
		}
		return note{id: PodInvalid, what: m[0], detail: "the LimitRange of the namespace doesn't take it: " + m[0],
			fix: amount + ", or change the LimitRange; policy.Production().Check finds it where both are in the bundle"}, true
	}
	if m := podSecurity.FindStringSubmatch(text); m != nil {
		return note{id: PodSecurity, what: m[0], detail: fmt.Sprintf("the namespace enforces the Pod Security profile %s: %s", m[1], m[2]),
			fix: "leave " + r.field() + ".Security at its default, which the restricted profile takes, and correct what Base adds"}, true
	}
	if m := invalidObject.FindStringSubmatch(text); m != nil {
		fix := "correct the field that it names; policy.Production().Check finds most of it before submission"
		switch {
		case strings.Contains(m[3], "less than or equal to cpu limit"):
			fix = "raise " + r.field() + ".CoreLimit to at least " + r.field() + ".CoreRequest, or leave it out"
		case strings.Contains(m[3], "no more than 63 characters"):
			fix = "choose a shorter Name: labels made from it have at most 63 characters"
		}
		return note{id: PodInvalid, what: m[0], detail: fmt.Sprintf("the API server takes %s %s for invalid: %s", m[1], m[2], m[3]), fix: fix}, true
	}
	return note{}, false
}

// refusedBySubmission knows what else ends a submission.
// Source: spark-operator v2.5.1, internal/controller/sparkapplication
// (submission.go, controller.go); apache/ivy, org.apache.spark.util.MavenUtils.
func refusedBySubmission(_ role, text string) (note, bool) {
	if m := alreadyExists.FindString(text); m != "" || strings.Contains(text, "driver pod already exist") {
		return note{id: NameClash, role: driver, what: "the driver pod already exists", detail: "a driver pod of this name exists already",
			fix: "delete the stale pod <name>-driver, or give the run a name of its own"}, true
	}
	for _, sign := range []string{"unresolved dependency", "UNRESOLVED DEPENDENCIES", "/.ivy2", "Server access error at url"} {
		if i := strings.Index(text, sign); i >= 0 {
			return note{id: Dependencies, what: excerpt(text, i), detail: "spark-submit could not fetch the packages that the job names",
				fix: "put the jars into the image instead of Deps.Packages; they are resolved in the operator's pod, which needs the network and a writable spark.jars.ivy (/tmp/.ivy2)"}, true
		}
	}
	for _, sign := range []string{"failed to process batch scheduler", "failed during batch scheduler setup or check", "failed to get scheduler"} {
		if i := strings.Index(text, sign); i >= 0 {
			return note{id: BatchScheduler, what: excerpt(text, i), detail: "the operator could not set up the batch scheduler",
				fix: "enable it in the operator (batchScheduler.enable), and see that its CRDs are installed"}, true
		}
	}
	return note{}, false
}

// excerpt returns a piece of a long text, from the line in which i is.
func excerpt(text string, i int) string {
	if nl := strings.LastIndexByte(text[:i], '\n'); nl >= 0 {
		text = text[nl+1:]
	}
	if len(text) > longest {
		text = text[:longest]
	}
	return text
}
