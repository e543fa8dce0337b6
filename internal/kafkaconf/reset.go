package kafkaconf

import (
	"regexp"
	"strings"
)

// isoDuration is what Java's Duration.parse reads.
var isoDuration = regexp.MustCompile(`^([-+]?)P(?:([-+]?[0-9]{1,18})D)?(T(?:([-+]?[0-9]{1,14})H)?(?:([-+]?[0-9]{1,16})M)?(?:([-+]?[0-9]{1,18})(?:[.,]([0-9]{0,9}))?S)?)?$`)

// resetFault judges auto.offset.reset, since Kafka 4.0 (KIP-1106): where a
// consumer begins that has no offset yet.
func resetFault(text string) (why, fix string) {
	const use = "use earliest, latest, none, or a time to go back such as by_duration:PT1H"
	switch text {
	case "earliest", "latest", "none":
		return "", ""
	}
	duration, ok := strings.CutPrefix(text, "by_duration:")
	if !ok {
		return "Kafka doesn't know it", use
	}
	m := isoDuration.FindStringSubmatch(strings.ToUpper(duration))
	switch {
	case m == nil, strings.HasPrefix(m[3], "T") && len(m[3]) == 1, m[2] == "" && m[3] == "":
		return "it is no duration", use
	case negative(m):
		return "it goes into the future", use
	}
	return "", ""
}

// negative adds up the parts of a duration.
func negative(m []string) bool {
	var seconds float64
	for i, unit := range map[int]float64{2: 24 * 60 * 60, 4: 60 * 60, 5: 60, 6: 1} {
		if n, ok := double(m[i]); ok {
			seconds += n * unit
		}
	}
	if strings.HasPrefix(m[6], "-") && strings.Trim(m[7], "0") != "" {
		fraction, _ := double("0." + m[7])
		seconds -= fraction
	}
	if m[1] == "-" {
		seconds = -seconds
	}
	return seconds < 0
}
