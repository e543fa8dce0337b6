package builtin

import (
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // The server has the zones built in as well.

	"github.com/millrace/millrace/internal/schema"
)

// zonePart is a part of the name of a time zone.
var zonePart = regexp.MustCompile(`^[A-Za-z._0-9+-]{1,14}$`)

// timeZone checks the name of a time zone.
func (c *checker) timeZone(name *string) {
	if name == nil {
		return
	}
	known := *name != "" && !strings.EqualFold(*name, "Local")
	for part := range strings.SplitSeq(*name, "/") {
		known = known && part != "." && part != ".." && !strings.HasPrefix(part, "-") && zonePart.MatchString(part)
	}
	if known {
		_, err := time.LoadLocation(*name)
		known = err == nil
	}
	if !known {
		c.problem("timeZone", schema.RuleInvalid, "is "+show(*name)+", which is no time zone", "use a name of the IANA database, such as Europe/Berlin or Etc/UTC")
	}
}
