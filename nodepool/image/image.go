package image

import (
	"slices"

	"github.com/millrace/millrace"
)

// The rules by which images are judged. They are the ids of findings, and of no
// rule of a policy.
const (
	// RuleSize: an image is larger than the Limit.
	RuleSize = "image/size"
	// RuleLayer: most of a large image is one layer, which is pulled in one
	// stream and unpacked at once.
	RuleLayer = "image/layer"
	// RuleTag: the tag is one that is moved to other images.
	RuleTag = "image/tag"
	// RulePlatform: the image isn't built for an architecture that it is to run
	// on. "exec format error" is what its container says.
	RulePlatform = "image/platform"
	// RuleUnknown: the name is filled in later, so that nobody can look.
	RuleUnknown = "image/unknown"
)

// Report is what a registry says of an image.
type Report struct {
	// Ref is the image as it was asked for: "company-registry.io/spark:3.5.1".
	Ref string
	// Digest is what the reference leads to at present: "sha256:…". Of an image
	// for several platforms it is that of the index.
	Digest string
	// Pinned is the image by its digest, for a manifest that is to run what was
	// looked at: "company-registry.io/spark@sha256:…".
	Pinned string
	// Platforms are the platforms that it is built for, in the registry's order.
	Platforms []Platform
	// Size is the compressed size of the largest platform that was looked at:
	// what a node pulls that has nothing of it yet.
	Size millrace.Bytes
	// Findings are what is wrong with it.
	Findings []millrace.Finding
}

// Platform is an image for one operating system and architecture.
type Platform struct {
	// OS is the operating system: "linux".
	OS string
	// Arch is the architecture, spelled as kubernetes.io/arch is.
	Arch string
	// Variant is the version of the architecture: "v8". Mostly empty.
	Variant string
	// Digest is the platform's own.
	Digest string
	// Size is the compressed size of its layers and its configuration. Zero for
	// platforms that weren't looked at; see Architectures.
	Size millrace.Bytes
	// Layers are its layers, from the lowest to the topmost.
	Layers []Layer
}

// String returns "linux/amd64" or "linux/arm/v7".
func (p Platform) String() string {
	s := p.OS + "/" + p.Arch
	if p.Variant != "" {
		s += "/" + p.Variant
	}
	return s
}

// Layer is one layer of an image.
type Layer struct {
	// Digest is that of the compressed layer.
	Digest string
	// Size is its compressed size.
	Size millrace.Bytes
}

// Runs reports whether the image is built for Linux on that architecture.
func (r *Report) Runs(arch string) bool {
	return slices.ContainsFunc(r.Platforms, func(p Platform) bool { return p.OS == linux && p.Arch == arch })
}

const linux = "linux"
