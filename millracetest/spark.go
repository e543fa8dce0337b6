package millracetest

import (
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

type object = unstructured.Unstructured

// How long the states of an application last, on the virtual clock.
const (
	sparkSubmits  = 5 * time.Second
	sparkStarts   = 20 * time.Second
	sparkRuns     = 2 * time.Minute
	sparkEnds     = 2 * time.Second
	sparkRestarts = 5 * time.Second
)

// spark plays kubeflow's Spark operator.
type spark struct{ *environment }

func (s *spark) changed(c change) {
	gk := schema.GroupKind{Group: "sparkoperator.k8s.io", Kind: "SparkApplication"}
	switch {
	case c.object.GroupVersionKind().Group != gk.Group || c.kind == watch.Deleted:
	case c.object.GetKind() == "ScheduledSparkApplication":
		s.once(c.object, time.Second, "scheduleState", func(u *object) {
			set(u, "Scheduled", "status", "scheduleState")
		})
	case c.object.GetKind() == "SparkConnect":
		s.once(c.object, sparkStarts, "state", func(u *object) { set(u, "Ready", "status", "state") })
	case c.object.GetKind() == gk.Kind:
		s.advance(c.object)
	}
}

// advance sets the clock for what follows the state that an application is
// in. A change that is not one of state sets it a second time, which does no
// harm: whoever comes late finds another state.
func (s *spark) advance(app *object) {
	state := text(app, "status", "applicationState", "state")
	_, fails := s.fails(app)
	restart := text(app, "spec", "restartPolicy", "type")
	switch state {
	case "":
		if yes(app, "spec", "suspend") {
			return
		}
		s.next(app, sparkSubmits, state, s.submit)
	case "SUBMITTED":
		s.next(app, sparkStarts, state, func(u *object) { s.state(u, "RUNNING") })
	case "RUNNING":
		if fails {
			s.next(app, sparkRuns, state, func(u *object) { s.fail(u, "FAILING") })
		} else if restart != "Always" {
			s.next(app, sparkRuns, state, func(u *object) { s.state(u, "SUCCEEDING") })
		}
	case "SUCCEEDING":
		s.next(app, sparkEnds, state, func(u *object) {
			s.state(u, "COMPLETED")
			set(u, s.stamp(), "status", "terminationTime")
		})
	case "FAILING", "SUBMISSION_FAILED":
		s.next(app, sparkEnds, state, func(u *object) { s.giveUpOrRetry(u, state) })
	case "PENDING_RERUN":
		s.next(app, sparkRestarts, state, s.submit)
	}
}

// next makes a change later, if the state is still the same then.
func (s *spark) next(app *object, d time.Duration, state string, edit func(*object)) {
	s.later(app, d, func(u *object) bool {
		if text(u, "status", "applicationState", "state") != state {
			return false
		}
		edit(u)
		return true
	})
}

func (s *spark) submit(u *object) {
	attempts := number(u, "status", "submissionAttempts") + 1
	set(u, attempts, "status", "submissionAttempts")
	set(u, s.stamp(), "status", "lastSubmissionAttemptTime")
	if message, ok := s.fails(u); ok && strings.HasPrefix(message, "failed to ") {
		s.fail(u, "SUBMISSION_FAILED")
		return
	}
	set(u, fmt.Sprintf("spark-%s", u.GetUID()), "status", "sparkApplicationId")
	set(u, fmt.Sprintf("%s-%d", u.GetUID(), attempts), "status", "submissionID")
	set(u, number(u, "status", "executionAttempts")+1, "status", "executionAttempts")
	set(u, u.GetName()+"-driver", "status", "driverInfo", "podName")
	s.state(u, "SUBMITTED")
}

func (s *spark) state(u *object, state string) {
	set(u, map[string]any{"state": state}, "status", "applicationState")
}

func (s *spark) fail(u *object, state string) {
	message, ok := s.fails(u)
	if !ok {
		message = "driver container status missing"
	}
	set(u, map[string]any{"state": state, "errorMessage": message}, "status", "applicationState")
}

// giveUpOrRetry follows the operator's rules: retries only on request, one
// more run than there are retries.
func (s *spark) giveUpOrRetry(u *object, state string) {
	retries, attempts := number(u, "spec", "restartPolicy", "onFailureRetries"), number(u, "status", "executionAttempts")
	if state == "SUBMISSION_FAILED" {
		retries, attempts = number(u, "spec", "restartPolicy", "onSubmissionFailureRetries"), number(u, "status", "submissionAttempts")
	}
	policy := text(u, "spec", "restartPolicy", "type")
	if policy == "OnFailure" && attempts <= retries {
		s.state(u, "PENDING_RERUN")
		return
	}
	message := text(u, "status", "applicationState", "errorMessage")
	set(u, map[string]any{"state": "FAILED", "errorMessage": message}, "status", "applicationState")
	set(u, s.stamp(), "status", "terminationTime")
}

// apacheSpark plays Apache's Spark operator.
type apacheSpark struct{ *environment }

func (s *apacheSpark) changed(c change) {
	if c.object.GroupVersionKind().Group != "spark.apache.org" || c.kind == watch.Deleted {
		return
	}
	state := text(c.object, "status", "currentState", "currentStateSummary")
	if c.object.GetKind() == "SparkCluster" {
		if state == "" {
			s.next(c.object, sparkStarts, state, "RunningHealthy", "")
		}
		return
	}
	message, fails := s.fails(c.object)
	switch state {
	case "":
		s.next(c.object, sparkSubmits, state, "DriverRequested", "")
	case "DriverRequested":
		s.next(c.object, sparkStarts, state, "RunningHealthy", "")
	case "RunningHealthy":
		if fails {
			s.next(c.object, sparkRuns, state, "Failed", message)
		} else {
			s.next(c.object, sparkRuns, state, "Succeeded", "")
		}
	case "Succeeded", "Failed":
		s.next(c.object, sparkEnds, state, "ResourceReleased", "")
	}
}

func (s *apacheSpark) next(app *object, d time.Duration, from, to, message string) {
	s.later(app, d, func(u *object) bool {
		if text(u, "status", "currentState", "currentStateSummary") != from {
			return false
		}
		entry := map[string]any{"currentStateSummary": to, "lastTransitionTime": s.stamp()}
		if message != "" {
			entry["message"] = message
		}
		history, _, _ := unstructured.NestedMap(u.Object, "status", "stateTransitionHistory")
		set(u, entry, "status", "currentState")
		set(u, unstructuredCopy(entry), "status", "stateTransitionHistory", fmt.Sprint(len(history)))
		return true
	})
}

// later changes an object after a time on the virtual clock, if it is still
// there, still the same, and edit returns true.
func (e *environment) later(u *object, d time.Duration, edit func(*object) bool) {
	key, uid := keyOf(u), u.GetUID()
	e.after(d, e.root(u), func() { e.perform(key, uid, edit) })
}

// perform is what later does when the time has come.
func (e *environment) perform(key objectKey, uid types.UID, edit func(*object) bool) {
	live := e.store.current(key)
	if live == nil || live.GetUID() != uid {
		return
	}
	changed := live.DeepCopy()
	if !edit(changed) {
		return
	}
	e.troubled(e.store.change(key, func(u *object) { u.Object = changed.Object }))
}

// root returns the object that people watch in order to learn of this one:
// its owner, if it has one.
func (e *environment) root(u *object) objectKey {
	for _, owner := range u.GetOwnerReferences() {
		gv, err := schema.ParseGroupVersion(owner.APIVersion)
		if err != nil {
			continue
		}
		key := objectKey{schema.GroupKind{Group: gv.Group, Kind: owner.Kind}, u.GetNamespace(), owner.Name}
		if e.store.current(key) != nil {
			return key
		}
	}
	return keyOf(u)
}

// once sets a field of the status later, unless it is set by then.
func (e *environment) once(u *object, d time.Duration, field string, edit func(*object)) {
	if text(u, "status", field) != "" {
		return
	}
	e.later(u, d, func(u *object) bool {
		if text(u, "status", field) != "" {
			return false
		}
		edit(u)
		return true
	})
}

// text returns the string at a path; empty if there is none.
func text(u *object, path ...string) string {
	s, _, _ := unstructured.NestedString(u.Object, path...)
	return s
}

func yes(u *object, path ...string) bool {
	b, _, _ := unstructured.NestedBool(u.Object, path...)
	return b
}

func number(u *object, path ...string) int64 {
	v, _, _ := unstructured.NestedFieldNoCopy(u.Object, path...)
	switch n := v.(type) {
	case int64:
		return n
	case float64:
		return int64(n)
	default:
		return 0
	}
}

// set sets the value at a path, and makes the path. What is in the way and is
// no map is replaced, as nobody else writes there.
func set(u *object, value any, path ...string) {
	m := u.Object
	for _, key := range path[:len(path)-1] {
		next, ok := m[key].(map[string]any)
		if !ok {
			next = make(map[string]any)
			m[key] = next
		}
		m = next
	}
	m[path[len(path)-1]] = value
}

func unstructuredCopy(m map[string]any) map[string]any {
	return (&object{Object: m}).DeepCopy().Object
}
