package image

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Audit is what CheckPods found.
type Audit struct {
	// Images are the images of the pods, each once, sorted by their names. Those
	// that couldn't be looked at are missing, and are in the error.
	Images []*Report
	// Findings are those of all images, and what is wrong between a pod's images
	// and the pools that it may land on. Those of the latter kind name the pod's
	// owner and the field of the image.
	Findings []millrace.Finding
}

// CheckPods checks the images of pods against the pools that the pods may land
// on, by their selectors, affinities and tolerations: each image is looked at
// once, and must be built for the architecture of the nodes. Pods that land on
// none of the pools are checked against Architectures, if that is given.
//
// spark.Pods, kafka.Pods and workflow.Pods return the pods of an object, and
// Bundle.Nodes the pools of a composition.
//
// The error joins an *Error for every image that couldn't be looked at; the
// audit has all others. It may be called concurrently, and keeps nothing of the
// pods and pools.
func CheckPods(ctx context.Context, pods []millrace.Pod, pools []millrace.NodeShape, options ...Option) (*Audit, error) {
	s := settingsOf(options)
	audit := &Audit{}
	uses := map[string]*use{}
	for _, pod := range pods {
		audit.Findings = append(audit.Findings, s.collect(uses, pod, pools)...)
	}
	refs := slices.Sorted(maps.Keys(uses))
	reports, err := s.checkAll(ctx, refs, uses)
	for i, report := range reports {
		if report == nil {
			continue
		}
		audit.Images = append(audit.Images, report)
		audit.Findings = append(audit.Findings, report.Findings...)
		for _, on := range uses[refs[i]].on {
			if !report.Runs(on.arch) {
				audit.Findings = append(audit.Findings, on.finding(report))
			}
		}
	}
	return audit, err
}

// use is where one image is used.
type use struct {
	// on are the nodes that it runs on, as far as the pools tell.
	on []landing
	// open says that some pod of it lands on nodes that nobody told of.
	open bool
}

// landing is an image on the nodes of one pool.
type landing struct {
	owner             millrace.Ref
	field, pool, arch string
	// sure says that the pool has nodes of that architecture and no others.
	sure bool
}

func (l landing) finding(r *Report) millrace.Finding {
	f := millrace.Finding{Rule: RulePlatform, Object: l.owner, Field: l.field,
		Detail: fmt.Sprintf("pool %s has %s nodes, and %s %s", l.pool, l.arch, r.Ref, r.missing(l.arch)),
		Fix:    "build it for linux/" + l.arch + " too, or send the pod to other nodes"}
	if !l.sure {
		f.Severity = millrace.Warning
		f.Detail = fmt.Sprintf("pool %s may have %s nodes, and %s %s", l.pool, l.arch, r.Ref, r.missing(l.arch))
		f.Fix = "say with kubernetes.io/arch, at the pool or the pod, which nodes are meant"
	}
	return f
}

// collect notes the images of a pod, and reports those whose names are filled
// in later.
func (s settings) collect(uses map[string]*use, pod millrace.Pod, pools []millrace.NodeShape) []millrace.Finding {
	landings := land(pod, pools)
	var out []millrace.Finding
	for _, image := range images(&pod.Template.Spec) {
		if strings.Contains(image.ref, "{{") {
			out = append(out, millrace.Finding{Rule: RuleUnknown, Severity: millrace.Info, Object: pod.Owner, Field: pod.Field(image.path),
				Detail: fmt.Sprintf("%s is filled in later, and can't be looked at", image.ref), Fix: "check what it is filled in with"})
			continue
		}
		u := uses[image.ref]
		if u == nil {
			u = &use{}
			uses[image.ref] = u
		}
		if len(landings) == 0 || image.volume {
			u.open = true
			continue
		}
		for _, l := range landings {
			l.owner, l.field = pod.Owner, pod.Field(image.path)
			if !slices.Contains(u.on, l) {
				u.on = append(u.on, l)
			}
		}
	}
	return out
}

// archs are the architectures whose layers are to be looked at; none for all.
func (u *use) archs(s settings) []string {
	if u.open && len(s.archs) == 0 {
		return nil
	}
	var out []string
	if u.open {
		out = slices.Clone(s.archs)
	}
	for _, l := range u.on {
		if !slices.Contains(out, l.arch) {
			out = append(out, l.arch)
		}
	}
	return out
}

// checkAll looks at the images, several at once. A report is nil where there
// was an error.
func (s settings) checkAll(ctx context.Context, refs []string, uses map[string]*use) ([]*Report, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	source, err := s.source(refs[0])
	if err != nil {
		return nil, err
	}
	reports, errs := make([]*Report, len(refs)), make([]error, len(refs))
	places := make(chan struct{}, s.parallel)
	var all sync.WaitGroup
	for i, ref := range refs {
		all.Go(func() {
			select {
			case places <- struct{}{}:
				defer func() { <-places }()
			case <-ctx.Done():
				errs[i] = &Error{Op: "get", Ref: ref, Err: context.Cause(ctx)}
				return
			}
			u := uses[ref]
			if reports[i], errs[i] = source.read(ctx, ref, u.archs(s)); errs[i] != nil {
				return
			}
			// Those of the pools are judged pod by pod.
			var must []string
			if u.open {
				must = s.archs
			}
			reports[i].Findings = s.judge(reports[i], must)
		})
	}
	all.Wait()
	return reports, errors.Join(errs...)
}

// podImage is an image in a pod.
type podImage struct {
	ref, path string
	// volume says that it is mounted and not run, so that any architecture does.
	volume bool
}

// images returns the images that a pod names. An operator may add others.
func images(spec *corev1.PodSpec) []podImage {
	var out []podImage
	add := func(ref, path string, volume bool) {
		if ref != "" {
			out = append(out, podImage{ref, path, volume})
		}
	}
	for i, c := range spec.InitContainers {
		add(c.Image, fmt.Sprintf("spec.initContainers[%d].image", i), false)
	}
	for i, c := range spec.Containers {
		add(c.Image, fmt.Sprintf("spec.containers[%d].image", i), false)
	}
	for i, v := range spec.Volumes {
		if v.Image != nil {
			add(v.Image.Reference, fmt.Sprintf("spec.volumes[%d].image.reference", i), true)
		}
	}
	return out
}

// land returns the pools that a pod may land on, with the architectures that it
// may meet there.
func land(pod millrace.Pod, pools []millrace.NodeShape) []landing {
	var out []landing
	for _, pool := range pools {
		var archs []string
		for _, arch := range []string{"amd64", "arm64"} {
			if takes(pool, pod.Placement(), arch) {
				archs = append(archs, arch)
			}
		}
		for _, arch := range archs {
			out = append(out, landing{pool: pool.Pool, arch: arch, sure: len(archs) == 1})
		}
	}
	return out
}

// takes reports whether the pool may have a node of that architecture that
// takes the pod.
func takes(pool millrace.NodeShape, placement millrace.Placement, arch string) bool {
	for _, key := range []string{corev1.LabelArchStable, "beta.kubernetes.io/arch"} {
		if asked, ok := placement.NodeSelector[key]; ok && asked != arch {
			return false
		}
	}
	selector := map[string]string{corev1.LabelArchStable: arch}
	for key, value := range placement.NodeSelector {
		selector[key] = value
	}
	placement.NodeSelector = selector
	return pool.Refuses(placement).Empty()
}
