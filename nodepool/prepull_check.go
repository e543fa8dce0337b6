package nodepool

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/millrace/millrace"
)

// prepullAtOnce is a number of nodes or a share of them, and not zero.
var prepullAtOnce = regexp.MustCompile(`^([1-9][0-9]{0,8}|([1-9][0-9]?|100)%)$`)

func (p *Prepull) check(problems *millrace.Problems) {
	problems.LabelName("Name", p.Name)
	problems.Namespace("Namespace", p.Namespace)
	if len(p.Images) == 0 {
		problems.Required("Images", "name the images to pull")
	}
	seen := map[string]bool{}
	for i, image := range p.Images {
		at := fmt.Sprintf("Images[%d]", i)
		if image == "" {
			problems.Required(at, "leave it out")
			continue
		}
		checkImageReference(problems, at, image)
		if seen[image] {
			problems.Add(millrace.RuleDuplicate, at, fmt.Sprintf("%q is there already", image), "leave it out")
		}
		seen[image] = true
	}
	checkImageReference(problems, "Helper", p.Helper)
	checkImageReference(problems, "Pause", p.Pause)
	p.checkPlacements(problems)
	for i, name := range p.PullSecrets {
		problems.Name(fmt.Sprintf("PullSecrets[%d]", i), name)
	}
	if p.PriorityClass != "" {
		problems.Name("PriorityClass", p.PriorityClass)
	}
	if p.AtOnce != "" && !prepullAtOnce.MatchString(p.AtOnce) {
		problems.Invalid("AtOnce", p.AtOnce, "is no number of nodes and no share", `use one such as "5" or "10%"`)
	}
}

func (p *Prepull) checkPlacements(problems *millrace.Problems) {
	if len(p.Placements) == 0 {
		problems.Required("Placements", "name the pools: the Placement() of each")
	}
	for i, placement := range p.Placements {
		at := fmt.Sprintf("Placements[%d]", i)
		placement.Check(problems, at)
		if len(nodeTerms(placement)) == 0 {
			problems.Required(at+".NodeSelector", "select a label of the pool, as its Placement() does: images are pulled onto all nodes otherwise")
		}
		if a := placement.Affinity; a != nil && (a.PodAffinity != nil || a.PodAntiAffinity != nil) {
			problems.Unsupported(at+".Affinity", "there is one of these pods on each node, wherever other pods are", "use node affinity only")
		}
		if a := placement.Affinity; a != nil && a.NodeAffinity != nil && len(a.NodeAffinity.PreferredDuringSchedulingIgnoredDuringExecution) > 0 {
			problems.Unsupported(at+".Affinity.NodeAffinity", "a DaemonSet goes to all nodes that it may, and prefers none", "leave out what is only preferred")
		}
	}
}

// checkImageReference refuses what no container runtime reads as an image.
func checkImageReference(problems *millrace.Problems, field, image string) {
	if strings.ContainsFunc(image, func(r rune) bool { return r <= ' ' || r > '~' }) || strings.ContainsAny(image, "{}$\"") {
		problems.Invalid(field, image, "it is no image", "use one such as company-registry.io/spark-etl:3.5.1")
	}
}
