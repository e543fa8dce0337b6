package spark

import (
	"encoding/json"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// scheduled returns the job with the Scheduler that says what its Base, labels
// and annotations say, if there is one: same reports whether a job still
// renders as it should.
func (j *Job) scheduled(same func(*Job) bool) *Job {
	for _, s := range j.schedulers() {
		trial := clone(j)
		trial.Scheduler = s
		trial.unschedule()
		if same(trial) {
			return trial
		}
	}
	return j
}

// schedulers are those that the job may have meant.
func (j *Job) schedulers() []Scheduler {
	name := deref(j.Base.BatchScheduler)
	if t := j.Base.Driver.Template; name == "" && t != nil {
		name = t.Spec.SchedulerName
	}
	switch queue := j.Labels[kueueQueue]; {
	case queue != "":
		_, elastic := j.Annotations[kueueElastic]
		return []Scheduler{Kueue{Queue: queue, PriorityClass: j.Labels[kueuePriority], Elastic: elastic}}
	case name == volcanoName:
		return j.volcanos()
	case name == yunikornName:
		return []Scheduler{j.yunikorn()}
	case name != "":
		return []Scheduler{KubeScheduler{Name: name}}
	}
	return nil
}

// volcanos are those whose gang is the whole job, or what the resources that
// were counted suffice for.
func (j *Job) volcanos() []Scheduler {
	v := Volcano{Queue: j.Driver.Annotations[volcanoQueue]}
	options := j.Base.BatchSchedulerOptions
	if options == nil {
		return []Scheduler{v}
	}
	v.Queue, v.PriorityClass = deref(options.Queue), deref(options.PriorityClassName)
	out := []Scheduler{v}
	app, p := j.compose(alone)
	if p.Err() != nil {
		return out
	}
	if g, ok := newGang(p, app, nil); ok {
		all, driver, each := options.Resources[corev1.ResourceCPU], podRequests(g.driver)[corev1.ResourceCPU], podRequests(g.executor)[corev1.ResourceCPU]
		v.MinExecutors = new(int32((all.MilliValue() - driver.MilliValue()) / max(each.MilliValue(), 1)))
		out = append(out, v)
	}
	return out
}

func (j *Job) yunikorn() YuniKorn {
	y := YuniKorn{Queue: j.Driver.Labels[yunikornQueue]}
	for parameter := range strings.FieldsSeq(j.Driver.Annotations[yunikornParameters]) {
		switch name, value, _ := strings.Cut(parameter, "="); name {
		case "placeholderTimeoutInSeconds":
			y.PlaceTimeout, _ = parseSeconds(value + "s")
		case "gangSchedulingStyle":
			y.Hard = value == "Hard"
		}
	}
	var groups []taskGroup
	if json.Unmarshal([]byte(j.Driver.Annotations[yunikornGroups]), &groups) != nil {
		return y
	}
	executors := 0
	for _, g := range groups {
		if g.Name == "spark-"+string(executorRole) {
			executors = g.MinMember
		}
	}
	if executors != j.startExecutors() {
		y.MinExecutors = new(int32(executors))
	}
	return y
}

// startExecutors returns how many executors the job starts with.
func (j *Job) startExecutors() int {
	app, p := j.compose(alone)
	if p.Err() != nil {
		return 0
	}
	return application{&app.Spec, ""}.initialExecutors()
}

// unschedule takes away what a Scheduler says itself.
func (j *Job) unschedule() {
	j.Base.BatchScheduler, j.Base.BatchSchedulerOptions = nil, nil
	without(&j.Labels, kueueQueue, kueuePriority)
	without(&j.Annotations, kueueElastic)
	for _, r := range roles {
		if t := r.pod(&j.Base).Template; t != nil {
			t.Spec.SchedulerName = ""
			r.dropBare(&j.Base)
		}
	}
	for _, labels := range []*map[string]string{&j.Driver.Labels, &j.Executor.Labels} {
		without(labels, yunikornQueue)
	}
	for _, annotations := range []*map[string]string{&j.Driver.Annotations, &j.Executor.Annotations} {
		without(annotations, volcanoQueue, yunikornApp, yunikornGroup, yunikornGroups, yunikornParameters)
	}
}

// without takes keys away, and the map with the last one.
func without(m *map[string]string, keys ...string) {
	for _, key := range keys {
		delete(*m, key)
	}
	if len(*m) == 0 {
		*m = nil
	}
}
