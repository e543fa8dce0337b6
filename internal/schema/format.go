package schema

import (
	"regexp"
	"strings"
	"time"
)

// format is a named form of a string.
type format struct {
	name  string
	valid func(string) bool

	// lists tells that the server takes a list, whatever is in it, for a
	// string of this format.
	lists bool
}

var formats = map[string]*format{
	"byte":      {"base64 text", isBase64, true},
	"date-time": {`an RFC 3339 time such as "2026-01-02T15:04:05Z"`, isDateTime, true},
}

// strict is the format of the times in metadata, which the server parses.
var strict = &format{`an RFC 3339 time such as "2026-01-02T15:04:05Z"`, func(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}, false}

// The server's patterns: kube-openapi, third_party/govalidator and strfmt.
var (
	isBase64   = regexp.MustCompile(`^(?:[A-Za-z0-9+\/]{4})*(?:[A-Za-z0-9+\/]{2}==|[A-Za-z0-9+\/]{3}=|[A-Za-z0-9+\/]{4})$`).MatchString
	timeOfDay  = regexp.MustCompile(`^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$`)
	dateLayout = "2006-01-02"
)

// isDateTime is the server's idea of a date-time. It is neither case-sensitive
// nor minds what follows a second T.
func isDateTime(s string) bool {
	date, rest, ok := strings.Cut(strings.ToLower(s), "t")
	if !ok {
		return false
	}
	if _, err := time.Parse(dateLayout, date); err != nil {
		return false
	}
	clock, _, _ := strings.Cut(rest, "t")
	m := timeOfDay.FindStringSubmatch(clock)
	return m != nil && m[1] <= "23" && m[2] <= "59" && m[3] <= "59"
}
