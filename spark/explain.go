package spark

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// Explanation says what a job's pods are, how they fit on nodes, and why.
type Explanation struct {
	// Name is the job's; empty for that of a workflow's task.
	Name string
	PodResources
	// Nodes is how the executors fit on each of the pools: those that were given,
	// in their order, and those of the placement of the executors.
	Nodes []NodeFit
	// Defaults are what millrace filled in where the job says nothing, sorted
	// by their fields.
	Defaults []Default
}

// Default is a value that the job doesn't say.
type Default struct {
	// Field is its path in the manifest: "spec.executor.memory".
	Field string
	// Value is what stands there, as JSON where it is no text or number.
	Value string
	// Reason says why, and Source where that comes from.
	Reason, Source string
}

// Explain checks the job and says what its pods are and why, how many of its
// executors fit on a node of each pool and what remains unused, and what
// millrace filled in. The pools are those of the job's Placement; further ones
// may be given, as they come with a pool's Build or from Bundle.Nodes.
//
// The error is that of PodResources.
func (j *Job) Explain(nodes ...millrace.NodeShape) (*Explanation, error) {
	app, asked, p := j.composed(j.surroundings(), true)
	if err := p.Err(); err != nil {
		return nil, err
	}
	s, err := application{&app.Spec, "spec"}.sized(Pods(app))
	if err != nil {
		return nil, err
	}
	e := &Explanation{Name: app.Name, PodResources: s.PodResources}
	for _, shape := range slices.Concat(nodes, j.further(nodes)) {
		e.Nodes = append(e.Nodes, s.fit(shape))
	}
	if e.Defaults, err = defaultsIn(asked, &app.Spec, j.settings(parseVersion(app.Spec.SparkVersion)).with); err != nil {
		return nil, err
	}
	for _, size := range []*PodSize{&e.Driver, &e.Executor} {
		if e.byDefault(size.Heap.Field) {
			size.Heap.Why += ", millrace's default"
		}
	}
	e.inFieldsOf(j.Target)
	return e, nil
}

// inFieldsOf names the fields of what the target makes.
func (e *Explanation) inFieldsOf(t Target) {
	e.PodResources.inFieldsOf(t)
	if _, ok := t.(ApacheOperator); !ok {
		return
	}
	// Apache's operator isn't told the language and the mode.
	e.Defaults = slices.DeleteFunc(e.Defaults, func(d Default) bool { return d.Field == "spec.type" || d.Field == "spec.mode" })
	for i := range e.Defaults {
		e.Defaults[i].Field = ownField((*apachev1.SparkApplication)(nil), e.Defaults[i].Field)
	}
	slices.SortStableFunc(e.Defaults, func(a, b Default) int { return strings.Compare(a.Field, b.Field) })
}

// byDefault reports whether millrace filled a field in.
func (e *Explanation) byDefault(field string) bool {
	return slices.ContainsFunc(e.Defaults, func(d Default) bool { return d.Field == field })
}

// sized returns what is known of the pods of an application.
func (a application) sized(pods []millrace.Pod) (sized, error) {
	s := sized{application: a}
	var err error
	if s.PodResources, err = a.resources(pods); err != nil {
		return s, err
	}
	for _, pod := range pods {
		if pod.Role == string(executorRole) {
			s.executor = pod.Placement()
		} else {
			s.driver = pod.Placement()
		}
	}
	return s, nil
}

// defaultsIn returns what stands in the spec and wasn't asked for.
func defaultsIn(asked, spec *v1beta2.SparkApplicationSpec, with map[string]string) ([]Default, error) {
	before, err := leaves(asked)
	if err != nil {
		return nil, err
	}
	after, err := leaves(spec)
	if err != nil {
		return nil, err
	}
	var out []Default
	for _, path := range slices.Sorted(maps.Keys(after)) {
		// A template's container has its name because it is there at all.
		if _, said := before[path]; said || ownName.MatchString(path) {
			continue
		}
		r, _ := reasonFor(path, with)
		out = append(out, Default{Field: "spec." + path, Value: after[path], Reason: r.why, Source: r.source})
	}
	return out, nil
}

var ownName = regexp.MustCompile(`\.containers\[\d+\]\.name$`)

// leaves returns the texts, numbers and lists in a spec by their paths.
func leaves(spec *v1beta2.SparkApplicationSpec) (map[string]string, error) {
	data, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		return nil, err
	}
	out := make(map[string]string)
	var walk func(path string, value any)
	walk = func(path string, value any) {
		switch value := value.(type) {
		case nil:
		case string:
			if value != "" {
				out[path] = value
			}
		case map[string]any:
			for key, v := range value {
				if strings.ContainsAny(key, "./") {
					walk(path+"["+key+"]", v)
				} else {
					walk(strings.TrimPrefix(path+"."+key, "."), v)
				}
			}
		case []any:
			if strings.HasSuffix(path, ".containers") {
				for i, v := range value {
					walk(fmt.Sprintf("%s[%d]", path, i), v)
				}
				return
			}
			out[path] = compact(value)
		default:
			out[path] = compact(value)
		}
	}
	walk("", tree)
	return out, nil
}

// compact writes a value as JSON.
func compact(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
