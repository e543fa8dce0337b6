package spark

import (
	"regexp"
	"strconv"

	"github.com/millrace/millrace"
)

// version is a Spark version, as far as the presence of settings goes.
type version struct {
	major, minor int
	text         string
}

// minVersion is the first Spark with pod templates, on which the placement
// depends. The operator's webhook holds to it as well.
const minVersion = "3.0"

var versionFormat = regexp.MustCompile(`^(\d{1,4})\.(\d{1,4})(\.\d+)?([-.+][0-9A-Za-z.+-]+)?$`)

func parseVersion(s string) version {
	m := versionFormat.FindStringSubmatch(s)
	if m == nil {
		return version{text: s}
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return version{major: major, minor: minor, text: s}
}

func (v version) String() string { return v.text }

// known reports whether the text was a version.
func (v version) known() bool { return v.major > 0 }

// atLeast reports whether the version is since or later. Unknown versions
// have nothing.
func (v version) atLeast(since string) bool {
	s := parseVersion(since)
	return v.major > s.major || v.major == s.major && v.minor >= s.minor
}

// after reports whether the version is later than the minor version since.
func (v version) after(since string) bool {
	s := parseVersion(since)
	return v.major > s.major || v.major == s.major && v.minor > s.minor
}

func (v version) check(p *millrace.Problems) {
	switch {
	case v.text == "":
		p.Required("Version", `name the Spark version in the image, such as "3.5.1"`)
	case !v.known():
		p.Invalid("Version", v.text, "not a Spark version", `write it as "3.5.1"`)
	case !v.atLeast(minVersion):
		p.Unsupported("Version", "Spark "+v.text+" has no pod templates, by which pods are placed and secured", "use Spark "+minVersion+" or later")
	}
}
