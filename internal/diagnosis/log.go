package diagnosis

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// What Spark writes into the driver's log.
// Source: apache/spark 3.5.1 and 4.1.1: ExecutorPodsLifecycleManager,
// ExecutorPodsAllocator, KubernetesUtils, TaskSchedulerImpl, TaskSetManager,
// TaskEndReason, HeartbeatReceiver, SparkSubmit.
var (
	executorExited = regexp.MustCompile(`The executor with id (\d+) exited with exit code (-?\d+)`)
	lostExecutor   = regexp.MustCompile(`(?:Lost executor (\d+) on \S+:|ExecutorLostFailure \(executor (\d+) [^)]*\) Reason:) *(.*)`)
	ofExecutor     = regexp.MustCompile(`[( ]executor (\d+)\)`)
	tooManyFailed  = regexp.MustCompile(`Max number of executor failures \((\d+)\) reached`)
	resultTooLarge = regexp.MustCompile(`Total size of serialized results of .* is bigger than spark\.driver\.maxResultSize[^\n]*`)
)

const (
	briefReason = "The API gave the following brief reason: "
	apiMessage  = "The API gave the following message: "
	oomKilled   = "termination reason: OOMKilled"
	stageFailed = "Job aborted due to stage failure"
	outOfMemory = "java.lang.OutOfMemoryError"
	noBroadcast = "Not enough memory to build and broadcast"
	noResources = "Initial job has not accepted any resources"
)

// logReader reads one log, line by line.
type logReader struct {
	q  *inquiry
	at place
	// pods are the executors that are left, by id.
	pods map[string]*corev1.Pod
	// ended is an executor whose end Spark is describing, over several lines.
	ended *ending
	// task says that the record being read is about a task, so that its
	// stack traces are those of an executor; of which one, if it says so.
	task   bool
	taskOf string
	// idle is the line that says that there are no executors.
	idle   string
	errors exceptions
}

type ending struct {
	id, line, reason, message string
	code                      int32
	oom                       bool
}

func (q *inquiry) lookAtLog(log, where string) {
	if log == "" {
		return
	}
	r := logReader{q: q, at: place{role: executor, object: q.appRef, where: where}, pods: make(map[string]*corev1.Pod, len(q.executors))}
	for _, p := range q.executors {
		r.pods[executorID(p)] = p
	}
	for line := range strings.Lines(log) {
		r.line(strings.TrimRight(line, "\r\n"))
	}
	r.finish()
}

func (r *logReader) line(line string) {
	if startsRecord(line) {
		r.finishExecutor()
		r.task, r.taskOf = strings.Contains(line, "Lost task") || strings.Contains(line, stageFailed), ""
		if m := ofExecutor.FindStringSubmatch(line); m != nil {
			r.taskOf = m[1]
		}
	}
	r.executorEnd(line)
	r.executorLoss(line)
	r.consequences(line)
	r.memory(line)
	r.refusals(line)
	r.artefacts(line)
	r.errors.line(line)
}

// startsRecord reports whether a line is a new record, and not the
// continuation of one.
func startsRecord(line string) bool {
	for _, level := range [...]string{" ERROR ", " WARN ", " INFO ", "Exception in thread "} {
		if i := strings.Index(line, level); i >= 0 && i < 40 {
			return true
		}
	}
	return false
}

// executorEnd reads how an executor ended.
func (r *logReader) executorEnd(line string) {
	if m := executorExited.FindStringSubmatch(line); m != nil {
		r.finishExecutor()
		code, err := strconv.ParseInt(m[2], 10, 32)
		if err != nil {
			return
		}
		i := strings.Index(line, m[0])
		r.ended = &ending{id: m[1], code: int32(code), line: line[i:]}
		return
	}
	if r.ended == nil {
		return
	}
	if _, reason, ok := strings.Cut(line, briefReason); ok {
		r.ended.reason = strings.TrimSpace(reason)
	} else if _, message, ok := strings.Cut(line, apiMessage); ok {
		r.ended.message = message
	} else if strings.Contains(line, oomKilled) {
		r.ended.oom = true
	}
}

// finishExecutor notes the end that was read.
func (r *logReader) finishExecutor() {
	e := r.ended
	if e == nil {
		return
	}
	r.ended = nil
	at := r.executor(e.id)
	at.what = e.line
	if _, ok := disruptions[e.reason]; ok {
		at.what += " " + e.reason + ": " + e.message
		r.q.disruption(at, e.reason, e.message)
		return
	}
	reason := ""
	if e.oom {
		reason = "OOMKilled"
	}
	r.q.exited(at, reason, e.code)
}

// executor returns the place of an executor.
func (r *logReader) executor(id string) place {
	at := r.at
	at.key, at.pod = id, r.pods[id]
	if at.pod != nil {
		at.object = r.q.ref(at.pod)
	}
	return at
}

// note notes what a line says of all executors, or of the driver.
func (r *logReader) note(n note, line string) {
	if n.object == (millrace.Ref{}) {
		n.object = r.at.object
	}
	n.where, n.what = r.at.where, strings.TrimSpace(line)
	r.q.note(n)
}

// executorLoss reads of executors that are gone without a word of their own.
func (r *logReader) executorLoss(line string) {
	if !strings.Contains(line, "Lost executor") && !strings.Contains(line, "ExecutorLostFailure") {
		return
	}
	m := lostExecutor.FindStringSubmatch(line)
	if m == nil {
		return
	}
	id, why := cmp.Or(m[1], m[2]), m[3]
	n := note{id: ExecutorLost, role: executor, key: id, likelihood: millrace.Likely, object: r.executor(id).object,
		detail: "an executor was lost", fix: byExecutors}
	switch {
	case strings.Contains(why, "was deleted by a user or the framework"):
		n.detail = "an executor's pod was deleted by something other than Spark"
	case strings.Contains(why, "was not found in the cluster"):
		n.detail = "an executor's pod vanished: its node may be gone"
	case strings.Contains(why, "heartbeat timed out"):
		n.detail = "an executor sent no heartbeats any more"
		n.fix = "look for long garbage collections (raise Executor.Memory, or lower Executor.Cores) and for a node that is gone"
	case strings.Contains(why, "Remote RPC client disassociated"):
		n.detail = "the connection to an executor broke: it was killed, most likely for its memory, or its node is gone"
		n.fix = "look at the events of its pod; raise Executor.MemoryOverhead if it was killed; " + byExecutors
	default:
		return // how it ended is told on the following lines, or it was told to go
	}
	n.kind = n.detail
	r.note(n, line)
}

// consequences reads of what follows from lost executors.
func (r *logReader) consequences(line string) {
	switch {
	case strings.Contains(line, noResources):
		r.idle = line
	case strings.Contains(line, "Registered executor"):
		r.idle = ""
	}
	if strings.Contains(line, "FetchFailed") || strings.Contains(line, "Missing an output location for shuffle") {
		r.note(note{id: ShuffleLost, role: executor, key: "shuffle", likelihood: millrace.Certain,
			detail: "shuffle data was lost with the executor that had it, so that stages run again or fail",
			fix:    byExecutors}, line)
	}
	if m := tooManyFailed.FindStringSubmatch(line); m != nil {
		r.note(note{id: ExecutorFailures, role: driver, likelihood: millrace.Certain,
			detail: "Spark gave up because " + m[1] + " executors had failed", fix: executorFailuresFix}, line)
	}
	if i := strings.Index(line, stageFailed); i >= 0 {
		why := strings.TrimPrefix(line[i+len(stageFailed):], ": ")
		r.note(note{id: StageFailure, role: driver, likelihood: millrace.Certain,
			detail: "Spark gave the job up because a stage failed: " + cmp.Or(why, "no reason is given"),
			fix:    "the most recent failure that the message names is the reason; the log of that executor has it whole"}, line)
	}
}

// memory reads of memory that ran out inside a JVM.
func (r *logReader) memory(line string) {
	if m := resultTooLarge.FindString(line); m != "" {
		r.note(note{id: ResultSize, role: driver, likelihood: millrace.Certain, detail: "the results for the driver are larger than it may take: " + m,
			fix: "write results out instead of collecting them, or raise spark.driver.maxResultSize in Conf, and Driver.Memory with it"}, m)
	}
	if strings.Contains(line, noBroadcast) {
		r.note(note{id: DriverHeap, role: driver, likelihood: millrace.Certain, detail: "the driver ran out of heap in building a table to broadcast",
			fix: "leave Executor.Broadcast.Static at zero, which sets spark.sql.autoBroadcastJoinThreshold to -1, and set Executor.Broadcast.Measured to zero as well; or raise Driver.Memory"}, line)
		return
	}
	if !strings.Contains(line, outOfMemory) {
		return
	}
	at := place{role: driver, object: r.at.object, where: r.at.where}
	if r.task {
		at = r.executor(r.taskOf)
	} else if r.q.driver != nil {
		at.object = r.q.ref(r.q.driver)
	}
	n := note{role: at.role, likelihood: millrace.Certain, object: at.object, key: at.key, where: at.where, what: strings.TrimSpace(line)}
	r.q.outOfHeap(n, at)
}

// refusals reads what the API server refuses the driver: for executors there
// is no pod then, and no event.
func (r *logReader) refusals(line string) {
	if !strings.Contains(line, "orbidden") && !strings.Contains(line, "webhook") && !strings.Contains(line, "is invalid: ") && !strings.Contains(line, `" cannot `) {
		return
	}
	at := r.at
	if r.q.refusal(at, line) || !strings.Contains(line, "KubernetesClientException") || !strings.Contains(line, "orbidden") {
		return
	}
	r.note(note{id: RBAC, role: executor, likelihood: millrace.Likely, detail: "the driver's service account may not do what Spark needs",
		fix: "bind it to a Role with create, get, list, watch, patch and delete on pods, services, configmaps and persistentvolumeclaims, or name another account in Driver.ServiceAccount"}, line)
}

// artefacts reads of code that is not there. A running job may look for
// classes in vain and not mind.
func (r *logReader) artefacts(line string) {
	if !r.q.failed() || strings.Contains(line, " WARN ") || strings.Contains(line, " INFO ") {
		return
	}
	for _, a := range missing {
		m := a.text.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		r.note(note{id: Artefact, role: driver, likelihood: a.likelihood, detail: fmt.Sprintf(a.detail, strings.TrimRight(m[1], ".:")), fix: a.fix}, line)
		return
	}
}

var missing = []struct {
	text       *regexp.Regexp
	likelihood millrace.Likelihood
	detail     string
	fix        string
}{
	{regexp.MustCompile(`Failed to load class (\S+)`), millrace.Certain, "the main class %s was not found", "check Class, and that the jar of Main holds it"},
	{regexp.MustCompile(`can't open file '([^']+)'`), millrace.Certain, "the program %s is not in the image", "check Main: local:// paths are paths in the image"},
	{regexp.MustCompile(`(\S+\.sh): No such file or directory`), millrace.Certain, "the script %s is not in the image", "make the image of Spark's own, which has it"},
	{regexp.MustCompile(`No module named '([^']+)'`), millrace.Certain, "the Python module %s is missing", "put it into the image, or into Deps.PyFiles"},
	{regexp.MustCompile(`(?:ClassNotFoundException|NoClassDefFoundError): (\S+)`), millrace.Likely, "the class %s was not found", "put its jar into the image or Deps.Jars, built for this Spark and Scala version"},
	{regexp.MustCompile(`NoSuchFileException: (\S+)`), millrace.Likely, "the file %s does not exist", "check Main and Deps: local:// paths are paths in the image"},
	{regexp.MustCompile(`FileNotFoundException: (?:File )?(\S+\.(?:jar|py|zip|whl|egg|R))\b`), millrace.Likely, "the file %s does not exist", "check Main and Deps: local:// paths are paths in the image"},
}

// finish notes what only the whole log tells.
func (r *logReader) finish() {
	r.finishExecutor()
	if r.idle != "" {
		r.note(note{id: NoExecutors, role: driver, likelihood: millrace.Likely, detail: "the job waits for executors, and none registers with the driver",
			fix: "look at the executors' pods and their events; without pods, at what the API server refuses the driver"}, r.idle)
	}
	// That a stage failed is a cause of its own.
	if text := r.errors.String(); text != "" && r.q.failed() && !strings.Contains(text, stageFailed) {
		r.note(note{id: ApplicationError, role: driver, likelihood: millrace.Likely, detail: "the job itself failed: " + text,
			fix: "correct the job; the log of the driver has the whole stack trace"}, text)
	}
}

// exceptions keeps the last exception that ended a program.
type exceptions struct {
	last, cause string
	java        bool
	python      bool
}

func (e *exceptions) line(line string) {
	switch {
	case strings.Contains(line, `Exception in thread "main" `):
		_, text, _ := strings.Cut(line, `Exception in thread "main" `)
		*e = exceptions{last: text, java: true}
	case strings.HasPrefix(line, "Traceback (most recent call last)"):
		e.python = true
	case e.python && line != "" && line[0] != ' ' && line[0] != '\t':
		*e = exceptions{last: line}
	case e.java && strings.HasPrefix(line, "Caused by: "):
		e.cause = strings.TrimPrefix(line, "Caused by: ")
	case startsRecord(line):
		e.java, e.python = false, false
	}
}

func (e *exceptions) String() string {
	if e.cause != "" {
		return e.last + "; caused by " + e.cause
	}
	return e.last
}
