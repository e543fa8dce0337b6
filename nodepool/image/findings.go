package image

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"

	"github.com/millrace/millrace"
)

const (
	// layerShare is the share of an image above which one layer is most of it.
	// Source: AWS data-on-eks, SOCI on EMR: an image of 25 layers and 3 GB, of
	// which one has 1.2 GB, is pulled no faster in parallel.
	layerShare = 0.4
	// layerFloor is the part of the limit below which an image is pulled soon
	// enough however it is made up.
	layerFloor = 2
)

// moving are tags that name a branch or a channel, and no version.
var moving = []string{"latest", "main", "master", "develop", "dev", "edge", "nightly", "snapshot", "stable", "rolling"}

// judge says what is wrong with an image that is to run on the architectures.
func (s settings) judge(r *Report, archs []string) []millrace.Finding {
	object := millrace.Ref{Kind: "Image", Name: r.Ref}
	var out []millrace.Finding
	add := func(severity millrace.Severity, rule, detail, fix string) {
		out = append(out, millrace.Finding{Rule: rule, Severity: severity, Object: object, Detail: detail, Fix: fix})
	}
	for _, arch := range archs {
		if !r.Runs(arch) {
			add(millrace.Error, RulePlatform, "it "+r.missing(arch), "build it for linux/"+arch+" too, or use nodes that it is built for")
		}
	}
	if tag, ok := movingTag(r.Ref); ok {
		add(millrace.Warning, RuleTag, fmt.Sprintf("the tag %s moves, and leads to %s today: nodes that pulled it on different days run different code", tag, short(r.Digest)),
			"use the tag of a version, or "+r.Pinned)
	}
	for _, p := range r.Platforms {
		if p.Size > s.limit {
			add(millrace.Warning, RuleSize, fmt.Sprintf("for %s a node pulls %s before the first container starts, and %s is the limit", p, decimal(p.Size), decimal(s.limit)),
				"leave out what the job doesn't need, build in stages, or pull it ahead with nodepool.Prepull")
		}
		if layer, ok := p.heavy(); ok && p.Size > s.limit/layerFloor {
			add(millrace.Info, RuleLayer, fmt.Sprintf("for %s layer %s has %s of %s, and one layer is pulled in one stream", p, short(layer.Digest), decimal(layer.Size), decimal(p.Size)),
				"split the step that makes it, so that layers are pulled side by side")
		}
	}
	return out
}

// missing says of the image that it isn't built for an architecture.
func (r *Report) missing(arch string) string {
	var built []string
	for _, p := range r.Platforms {
		built = append(built, p.String())
	}
	return fmt.Sprintf("is built for %s, and not for linux/%s: exec format error", strings.Join(built, ", "), arch)
}

// heavy returns the largest layer where it is most of the image.
func (p Platform) heavy() (Layer, bool) {
	if len(p.Layers) == 0 {
		return Layer{}, false
	}
	largest := slices.MaxFunc(p.Layers, func(a, b Layer) int { return int(a.Size - b.Size) })
	return largest, float64(largest.Size) > layerShare*float64(p.Size)
}

// movingTag returns the tag of an image that is by none of its digest, if it is
// one that moves.
func movingTag(ref string) (string, bool) {
	parsed, err := name.NewTag(ref)
	if err != nil {
		return "", false
	}
	tag := parsed.TagStr()
	for _, word := range moving {
		if strings.EqualFold(tag, word) {
			return tag, true
		}
	}
	return "", false
}

// short cuts a digest to what people compare.
func short(digest string) string {
	_, hex, _ := strings.Cut(digest, ":")
	return digest[:min(len(digest), len(digest)-len(hex)+12)]
}

// decimal writes a size as registries and their bills do.
func decimal(b millrace.Bytes) string {
	switch n := float64(b); {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", n/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.0f MB", n/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.0f kB", n/1e3)
	}
	return fmt.Sprintf("%d bytes", int64(b))
}
