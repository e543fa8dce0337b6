package diagnosis

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
)

// exit is what an exit code of Spark's container means.
type exit struct {
	what string
	fix  string
}

// exits are the codes that mean the same for both roles.
// Source: apache/spark 4.1.1, SparkExitCode, ExecutorExitCode,
// ExecutorPodsLifecycleManager.describeExitCode; signals are 128 and more.
var exits = map[int32]exit{
	1:   {"a generic failure", "look at the log of the ROLE: the exception is there"},
	2:   {"a shell command was used wrongly", "check the command and arguments of the image's entry point"},
	3:   {"a path was not found", "check that the paths of Main and Deps are in the image, or can be reached from the pod"},
	10:  {"an uncaught exception", "look at the log of the ROLE: the exception is there"},
	50:  {"an uncaught exception", "look at the log of the ROLE: the exception is there"},
	51:  {"an uncaught exception, and another one while it was logged", "look at the log of the ROLE, most likely memory ran out"},
	53:  {"no temporary directory could be made", "check that the scratch volumes can be written to by the user of the image (Security.Pod, fsGroup) and are not full"},
	54:  {"the external block store could not be started", "look at the log of the ROLE"},
	55:  {"the external block store made no temporary directory", "look at the log of the ROLE"},
	56:  {"it could not reach the driver to send heartbeats", "look for long garbage collections and for network policies between executors and driver; spark.executor.heartbeatInterval must be well below spark.network.timeout"},
	124: {"it ran longer than spark.driver.timeout allows", "raise spark.driver.timeout in Conf, or find out what takes so long"},
	126: {"the command can't be executed: permissions, or another architecture", "build the image for the nodes' architecture, and check that its entry point is executable"},
	127: {"the command was not found", "check the entry point of the image: it must be that of a Spark image"},
	134: {"the JVM aborted", "look for hs_err in the log of the ROLE: a native library crashed, or memory ran out"},
	139: {"a segmentation fault", "a native library crashed: check that it suits the image's C library and the nodes' architecture"},
	255: {"an exit with -1", "look at the log of the ROLE"},
}

// exited explains how Spark's container ended.
func (q *inquiry) exited(at place, reason string, code int32) {
	if at.role == executor && q.disrupted[at.key] != "" || at.role == driver && q.driverTaken {
		return
	}
	what := fmt.Sprintf("exit code %d", code)
	if reason != "" {
		what = reason + ", " + what
	}
	if at.what != "" {
		what = at.what
	}
	n := note{role: at.role, likelihood: millrace.Certain, object: at.object, key: at.key, where: at.where, what: what}
	if code == 137 && reason != "OOMKilled" && at.pod != nil && at.pod.DeletionTimestamp != nil {
		code = 143 // it was told to go, and took too long
	}
	switch {
	case reason == "OOMKilled" || code == 137:
		if reason != "OOMKilled" {
			n.likelihood = millrace.Likely
		}
		q.outOfMemory(n, at)
	case code == 52:
		q.outOfHeap(n, at)
	case at.role == driver:
		q.driverExit(n, code)
	case code != 0 && code != 143 && code != unknownExit:
		// Executors that are told to go end with 143.
		n.id, n.kind = ExecutorExit, strconv.Itoa(int(code))
		n.detail, n.fix = meaning(executor, code)
		q.note(n)
	}
}

// unknownExit is what Spark and the operator say when no container did.
const unknownExit = -1

func (q *inquiry) driverExit(n note, code int32) {
	switch code {
	case 0, unknownExit:
		return
	case 11:
		n.id, n.detail = ExecutorFailures, "Spark gave up because too many executors had failed"
		n.fix = executorFailuresFix
	case 101:
		n.id, n.detail = Artefact, "the main class, or a class that it needs, was not found"
		n.fix = "check Class, and that the jar of Main and those of Deps.Jars hold it"
	case 143:
		n.id, n.likelihood = DriverDisrupted, millrace.Likely
		n.detail, n.fix = "the driver was told to stop from outside (SIGTERM)", byTheDriver
	default:
		n.id = DriverExit
		n.detail, n.fix = meaning(driver, code)
		if chosen := programs[code]; chosen != "" && q.python() {
			n.detail = fmt.Sprintf("the driver ended with exit code %d, which %s", code, chosen)
			n.fix = "look at the log of the driver"
		}
		if code == 1 {
			n.likelihood = millrace.Likely
		}
	}
	q.note(n)
}

// programs are codes that only Spark's SQL shell means as exits says. A Python
// program's own code becomes that of the driver.
// Source: apache/spark 3.5.1, PythonRunner, SparkSQLCLIDriver.
var programs = map[int32]string{
	2: "Python chooses for a program that it can't open, and argparse for arguments that it does not know",
	3: "the program itself chose",
}

func meaning(r role, code int32) (detail, fix string) {
	e, ok := exits[code]
	switch {
	case ok:
		detail = fmt.Sprintf("the %s ended with exit code %d: %s", r, code, e.what)
	case code > 128 && code < 160:
		detail = fmt.Sprintf("the %s ended with exit code %d: signal %d", r, code, code-128)
	default:
		detail = fmt.Sprintf("the %s ended with exit code %d, which the job itself chose", r, code)
	}
	fix = "look at the log of the " + string(r)
	if ok {
		fix = e.fix
	}
	return detail, strings.ReplaceAll(fix, "ROLE", string(r))
}

const executorFailuresFix = "look at why the first executor failed, mostly memory (Executor.Memory, Executor.MemoryOverhead); for streams spark.executor.failuresValidityInterval forgets old failures"

// outOfMemory: the container went over its limit.
func (q *inquiry) outOfMemory(n note, at place) {
	n.id, n.detail = DriverOOM, "the driver was killed because it used more memory than its pod may"
	n.fix = q.memoryOf(at) + "raise Driver.MemoryOverhead, or Driver.Memory if the heap is what grew, and keep results out of the driver (collect, broadcast joins: Executor.Broadcast)"
	if at.role == executor {
		n.id, n.detail = ExecutorOOM, "an executor was killed because it used more memory than its pod may"
		n.fix = q.memoryOf(at) + "raise Executor.MemoryOverhead, or run fewer tasks at once (Executor.Cores)"
		if t := q.conf(broadcastThreshold); q.app != nil && t != "-1" {
			n.fix += fmt.Sprintf("; leave Executor.Broadcast at its default, which sets %s to -1 (it is %s)", broadcastThreshold, cmp.Or(t, "Spark's 10m"))
		}
		if q.python() {
			n.fix = q.memoryOf(at) + "raise Executor.MemoryOverhead, which Python's processes use, or bound them by Executor.PythonMemory; fewer tasks at once (Executor.Cores) need less"
		}
	}
	if n.likelihood < millrace.Certain {
		n.detail += ", most likely (SIGKILL)"
	}
	q.note(n)
}

// broadcastThreshold is up to which size tables are copied to every executor,
// by an estimate that may be far from the truth.
const broadcastThreshold = "spark.sql.autoBroadcastJoinThreshold"

// outOfHeap: the JVM itself gave up.
func (q *inquiry) outOfHeap(n note, at place) {
	n.id, n.detail = DriverHeap, "the driver's JVM ran out of heap"
	n.fix = "raise Driver.Memory, and keep results out of the driver (collect, toPandas, broadcast joins: Executor.Broadcast)"
	if at.role == executor {
		n.id, n.detail = ExecutorHeap, "an executor's JVM ran out of heap"
		n.fix = "raise Executor.Memory, run fewer tasks at once (Executor.Cores), or split the data finer (spark.sql.shuffle.partitions)"
	}
	if heap, ok := q.heap(at.role); ok {
		n.fix = fmt.Sprintf("the heap is %s: %s", mebibytes(heap), n.fix)
	}
	q.note(n)
}
