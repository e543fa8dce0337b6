package kafka

import (
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// logLevels are the levels of Log4j, by which the loggers of all of Strimzi's
// components work.
var logLevels = []string{"OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL"}

// logging writes the levels of loggers, nil for none.
func logging(p *millrace.Problems, field string, loggers map[string]string) *strimziv1.Logging {
	for _, name := range slices.Sorted(maps.Keys(loggers)) {
		// A logger's line may name an appender after the level.
		level, _, _ := strings.Cut(loggers[name], ",")
		isLevel := slices.Contains(logLevels, strings.ToUpper(strings.TrimSpace(level)))
		if !isLevel && strings.HasSuffix(name, "level") || loggers[name] == "" {
			p.Invalid(field+"["+name+"]", loggers[name], "it is no level of a logger", "use "+strings.Join(logLevels, ", "))
		}
	}
	if len(loggers) == 0 {
		return nil
	}
	return &strimziv1.Logging{Type: strimziv1.LoggingTypeInline, Loggers: maps.Clone(loggers)}
}
